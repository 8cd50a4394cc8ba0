package import Applications
internal import Audit
package import Authenticators
package import Identifiers
package import Login
package import Sessions
internal import Storage
internal import Time

/// The login of a first-party application that draws its own login, on a desktop or a terminal. It drives the same login
/// step by step and gets one authorization code for it: never tokens for a password.
///
/// Each step may be repeated when its answer was lost: the same call again gives the login as it then stood.
package struct NativeLoginFlow: Sendable {
    let login: LoginFlow
    var environment: FlowEnvironment { self.login.environment }

    package init(login: LoginFlow) { self.login = login }

    /// The application, proven and permitted to draw its own login.
    package func application(_ claim: ApplicationClaim) async throws -> Application {
        try await self.environment.store.read { try claim.prove(in: $0) }
    }

    /// Starts a login. Repeated with the same key and content it is the same login with the same secret.
    ///
    /// - Throws: ``FlowError/idempotencyKeyReused``.
    package func start(
        _ authorization: PendingAuthorization, for application: Application, call: IdempotentCall?
    ) async throws -> (ticket: LoginTicket, view: LoginView) {
        let now = self.environment.now()
        let (id, secret): (LoginID, SecretToken) = (self.environment.id(at: now), self.environment.secret())
        return try await self.environment.store.write { store in
            var ticket = LoginTicket(id: id, secret: secret)
            if let call {
                let derived = store.idempotentCalls.secret(for: call)
                switch try store.idempotentCalls.begin(call, login: id, at: now) {
                case .first: ticket = LoginTicket(id: id, secret: derived)
                case .repeated(let earlier, _):
                    ticket = LoginTicket(id: earlier, secret: derived)
                    let stored = try self.login.owned(ticket, store.logins.find(earlier))
                    return (ticket, try self.login.view(stored, in: store, at: now))
                case .otherContent: throw FlowError.idempotencyKeyReused
                }
            }
            let login = Login(at: now, lifetime: self.login.limits.lifetime)
            try store.logins.add(
                login, id: ticket.id, secretHash: ticket.secret.hash, application: application.id,
                purpose: .native(authorization), at: now)
            if let call { try store.idempotentCalls.finish(call, outcome: nil, at: now) }
            let view = LoginView(
                id: ticket.id, application: application, purpose: .native(authorization), state: login.state,
                deadline: login.deadline, at: now)
            return (ticket, view)
        }
    }

    package func view(_ ticket: LoginTicket, of application: Application) async throws -> LoginView {
        try self.own(try await self.login.view(ticket), application)
    }

    /// Takes one step of a login of this application.
    ///
    /// - Throws: ``FlowError/idempotencyKeyReused``, ``FlowError/callUnderWay(retryAfter:)``.
    package func step(
        _ step: NativeLoginStep, of ticket: LoginTicket, application: Application, call: IdempotentCall?,
        origin: RequestOrigin
    ) async throws -> LoginView {
        _ = try await self.view(ticket, of: application)
        guard let call else { return try await self.take(step, ticket, origin) }
        switch try await self.begin(call, ticket.id) {
        case .first: break
        case .repeated(_, let outcome?): return try await self.asBefore(ticket, outcome)
        case .repeated(_, nil): throw FlowError.callUnderWay(retryAfter: .seconds(1))
        case .otherContent: throw FlowError.idempotencyKeyReused
        }
        do {
            let view = try await self.take(step, ticket, origin)
            try await self.finish(call, view.notice)
            return view
        } catch {
            // Nothing was done: it may be tried again at once.
            try? await self.environment.store.write { try $0.idempotentCalls.forget(call) }
            throw error
        }
    }

    private func begin(_ call: IdempotentCall, _ login: LoginID) async throws -> BegunCall {
        let now = self.environment.now()
        return try await self.environment.store.write { try $0.idempotentCalls.begin(call, login: login, at: now) }
    }

    /// What only says that nothing could be made of the input is not kept: the same input says it again.
    private func finish(_ call: IdempotentCall, _ notice: LoginNotice?) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            if let notice, notice.storedName == nil { return try store.idempotentCalls.forget(call) }
            try store.idempotentCalls.finish(call, outcome: notice?.storedName, at: now)
        }
    }

    private func asBefore(_ ticket: LoginTicket, _ outcome: String) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            let stored = try self.login.owned(ticket, store.logins.find(ticket.id))
            return try self.login.view(stored, in: store, at: now, notice: LoginNotice(storedName: outcome))
        }
    }

    private func take(
        _ step: NativeLoginStep, _ ticket: LoginTicket, _ origin: RequestOrigin
    ) async throws -> LoginView {
        switch step {
        case .password(let typed): try await self.login.submit(typed, for: ticket, origin: origin)
        case .choose(let id): try await self.login.choose(id, for: ticket, origin: origin)
        case .chooseAnother: try await self.login.chooseAnother(ticket, origin: origin)
        case .respond(let typed): try await self.login.respond(to: ticket, with: typed, origin: origin)
        case .sendCode(let way): try await self.login.sendCode(by: way, for: ticket, origin: origin)
        case .cancel: try await self.login.cancel(ticket, origin: origin)
        }
    }

    func own(_ view: LoginView, _ application: Application) throws -> LoginView {
        guard view.application.id == application.id, case .native = view.purpose else {
            throw FlowError.noSuchLogin
        }
        return view
    }
}

package enum NativeLoginStep: Sendable {
    case password(TypedCredentials)
    case choose(AuthenticatorID)
    case chooseAnother
    case respond(String)
    case sendCode(CodeWay)
    case cancel
}

extension LoginNotice {
    /// What is kept of a step's outcome, so that a repeated call is answered alike.
    var storedName: String? {
        switch self {
        case .wrongCredentials: "wrongCredentials"
        case .notOneOfTheUsers: "notOneOfTheUsers"
        case .movedOn: "movedOn"
        case .userNameMissing, .userNameMalformed, .passwordMissing, .passwordTooLong, .responseMissing,
            .responseMalformed, .codeExpired, .nothingSentYet, .wayNotOffered, .codeNotSent:
            nil
        }
    }

    init?(storedName: String) {
        switch storedName {
        case "wrongCredentials": self = .wrongCredentials
        case "notOneOfTheUsers": self = .notOneOfTheUsers
        case "movedOn": self = .movedOn
        default: return nil
        }
    }
}
