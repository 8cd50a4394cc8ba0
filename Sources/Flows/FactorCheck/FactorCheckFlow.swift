package import Applications
internal import Audit
internal import Authenticators
package import Identifiers
package import Identity
package import Login
internal import Sessions
internal import Storage
internal import Time

/// The second factor alone, for an application that keeps the passwords itself and is permitted to. It gets a statement
/// for itself only: no session, no token for anybody else.
package struct FactorCheckFlow: Sendable {
    let login: LoginFlow
    private var environment: FlowEnvironment { self.login.environment }

    package init(login: LoginFlow) { self.login = login }

    /// Starts at the second factor. With one authenticator, or one that is named, it is challenged at once.
    package func start(
        _ userName: UserName, authenticator: AuthenticatorID?, for claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> FactorCheckStart {
        let now = self.environment.now()
        let ticket = LoginTicket(id: self.environment.id(at: now), secret: self.environment.secret())
        return try await self.environment.store.write { store in
            guard
                let (asker, cards) = try store.cards.lockActive(of: userName, askedBy: claim.clientID, at: now)
            else {
                _ = try claim.prove(in: store)
                return try Self.nothing(for: userName, in: store)
            }
            let (application, user) = (try claim.prove(asker, in: store), cards[0].user)
            let chosen = authenticator ?? (cards.count == 1 ? cards[0].summary.id : nil)
            var login = Login(
                of: user, authenticators: cards.map(\.summary), at: now, lifetime: self.login.limits.lifetime)
            var notes = [AuditNote(.loginStarted, .information)]
            if let chosen {
                guard let card = cards.first(where: { $0.summary.id == chosen }) else { return .notOneOfTheUsers }
                let offer = try self.login.offer(card, in: store, at: now)
                notes += try login.handle(.challenged(offer), at: now).notes
            }
            try store.logins.add(
                login, id: ticket.id, secretHash: ticket.secret.hash, application: application.id,
                purpose: .factorCheck, at: now)
            let context = AuditContext(origin, user: user, login: ticket.id, application: application.id)
            try self.environment.record(notes, context: context, in: store, at: now)
            let view = LoginView(
                id: ticket.id, application: application, purpose: .factorCheck, state: login.state,
                deadline: login.deadline, at: now)
            return .started(ticket, view)
        }
    }

    /// Why there was nothing to lock.
    private static func nothing(for userName: UserName, in store: StoreTransaction) throws -> FactorCheckStart {
        guard let user = try store.users.find(userName), user.status == .active else { return .noSuchUser }
        return .noAuthenticator
    }

    /// The application behind a claim, where a step takes more than one transaction.
    package func application(_ claim: ApplicationClaim) async throws -> Application {
        try await self.environment.store.read { try claim.prove(in: $0) }
    }

    package func view(_ ticket: LoginTicket, for application: Application) async throws -> LoginView {
        try self.own(try await self.login.view(ticket), application)
    }

    package func choose(
        _ authenticator: AuthenticatorID, for ticket: LoginTicket, of application: Application, origin: RequestOrigin
    ) async throws -> LoginView {
        _ = try await self.view(ticket, for: application)
        return try await self.login.choose(authenticator, for: ticket, origin: origin)
    }

    package func cancel(
        _ ticket: LoginTicket, of application: Application, origin: RequestOrigin
    ) async throws -> LoginView {
        _ = try await self.view(ticket, for: application)
        return try await self.login.cancel(ticket, origin: origin)
    }

    /// Takes the answer. A right one ends the login in the same transaction, and gives what may be stated.
    package func respond(
        to ticket: LoginTicket, with typed: String, of claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> FactorCheckAnswer {
        let now = self.environment.now()
        let statement: StatementID = self.environment.id(at: now)
        return try await self.environment.store.write { store in
            guard let (stored, card, asker) = try store.logins.lockWithCard(ticket.id, askedBy: claim.clientID) else {
                let application = try claim.prove(in: store)
                let found = try self.login.owned(ticket, store.logins.find(ticket.id))
                return FactorCheckAnswer(
                    view: try self.own(
                        try self.login.view(found, in: store, at: now, notice: .movedOn), application))
            }
            let application = try claim.prove(asker, in: store)
            let own = try self.login.owned(ticket, stored)
            guard own.application == application.id, case .factorCheck = own.purpose else {
                throw FlowError.noSuchLogin
            }
            var login = own.login
            let result: ResponseResult
            switch try self.login.check(typed, for: own, card: card, in: store, at: now) {
            case .failure(let notice):
                return FactorCheckAnswer(view: self.view(own, login, application, at: now, notice: notice))
            case .success(let checked): result = checked
            }
            var effects = try login.handle(.responseChecked(result), at: now)
            if case .granted = login.state { effects += try login.handle(.finished, at: now) }
            try self.login.record(effects, of: own, user: card.user, in: store, origin: origin, at: now)
            try self.login.save(login, over: own, in: store, at: now)
            if result.isFailure { try self.login.countFailure(own, origin: origin, in: store, at: now) }
            return FactorCheckAnswer(
                view: self.view(own, login, application, at: now), granted: effects.grant, statement: statement)
        }
    }

    private func own(_ view: LoginView, _ application: Application) throws -> LoginView {
        guard view.application.id == application.id, view.purpose == .factorCheck else {
            throw FlowError.noSuchLogin
        }
        return view
    }

    private func view(
        _ stored: StoredLogin, _ login: Login, _ application: Application, at now: Instant, notice: LoginNotice? = nil
    ) -> LoginView {
        LoginView(
            id: stored.id, application: application, purpose: .factorCheck, state: login.state(at: now),
            deadline: login.deadline, at: now, notice: notice)
    }
}

package enum FactorCheckStart: Sendable {
    case started(LoginTicket, LoginView)
    /// The application may know: it keeps the users itself.
    case noSuchUser
    case noAuthenticator
    case notOneOfTheUsers
}

/// Where the login stands after an answer and, when it was right, what may be stated about it, under which name.
package struct FactorCheckAnswer: Sendable {
    package let view: LoginView
    package let granted: Granted?
    package let statement: StatementID?

    init(view: LoginView, granted: Granted? = nil, statement: StatementID? = nil) {
        self.view = view
        self.granted = granted
        self.statement = granted == nil ? nil : statement
    }
}
