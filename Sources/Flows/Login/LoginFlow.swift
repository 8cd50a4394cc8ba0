package import Applications
internal import Audit
package import Authenticators
internal import Encodings
package import Identifiers
package import Identity
internal import Login
package import Outbox
package import Sessions
internal import Storage
package import Time

/// One login, whatever the door: start, look, answer, choose, cancel, finish. Each step is one transaction; the password,
/// whose check is slow, takes two (`LoginFlow+Password.swift`).
package struct LoginFlow: Sendable {
    let environment: FlowEnvironment
    let checker: PasswordChecker
    let limits: LoginLimits

    package init(environment: FlowEnvironment, checker: PasswordChecker, limits: LoginLimits = LoginLimits()) {
        self.environment = environment
        self.checker = checker
        self.limits = limits
    }

    /// Starts a login with user name and password.
    package func start(
        for application: Application, purpose: LoginPurpose, origin: RequestOrigin
    ) async throws -> LoginTicket {
        let now = self.environment.now()
        let ticket = LoginTicket(id: self.environment.id(at: now), secret: self.environment.secret())
        try await self.environment.store.write { store in
            try store.logins.add(
                self.begin(purpose, at: now), id: ticket.id, secretHash: ticket.secret.hash,
                application: application.id, purpose: purpose, at: now)
        }
        return ticket
    }

    func begin(_ purpose: LoginPurpose, at now: Instant) -> Login {
        Login(at: now, lifetime: self.limits.lifetime, passwordMaySuffice: purpose.passwordMaySuffice)
    }

    /// The login as it stands.
    package func view(_ ticket: LoginTicket) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            try self.view(try self.owned(ticket, store.logins.find(ticket.id)), in: store, at: now)
        }
    }

    /// The user chose an authenticator; it is challenged, unless it is blocked.
    package func choose(
        _ authenticator: AuthenticatorID, for ticket: LoginTicket, origin: RequestOrigin
    ) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let found = try self.owned(ticket, store.logins.find(ticket.id))
            guard let user = found.login.state.user,
                let factor = try self.lock(authenticator, of: user, in: store, at: now)
            else {
                return try self.view(found, in: store, at: now, notice: .notOneOfTheUsers)
            }
            let stored = try self.owned(ticket, store.logins.lock(ticket.id))
            let state = stored.login.state(at: now)
            // Nothing is sent for what the login will not take.
            guard state.subject?.authenticators.contains(where: { $0.id == authenticator }) == true else {
                return try self.view(stored, in: store, at: now, notice: .notOneOfTheUsers)
            }
            if let phone = factor as? LockedPhone,
                let ended = try self.endCodes(to: phone, of: stored, in: store, origin: origin, at: now)
            {
                return ended
            }
            if state.hasLiveChallenge(for: authenticator, at: now) {
                return try self.view(stored, in: store, at: now)
            }
            let offer = try self.offer(factor, for: stored, in: store, origin: origin, at: now)
            return try self.advance(stored, by: .challenged(offer), in: store, origin: origin, at: now)
        }
    }

    /// Takes the user's answer. Of two answers at once the second waits for the first, and finds the login moved on.
    package func respond(
        to ticket: LoginTicket, with typed: String, origin: RequestOrigin
    ) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let own: StoredLogin
            let checked: Result<ResponseResult, LoginNotice>
            var asked: LockedPhone?
            if let (stored, card) = try store.logins.lockWithCard(ticket.id) {
                own = try self.owned(ticket, stored)
                checked = try self.check(typed, for: own, card: card, in: store, at: now)
            } else if let (stored, phone) = try store.logins.lockWithPhone(ticket.id) {
                own = try self.owned(ticket, stored)
                if let ended = try self.endCodes(to: phone, of: own, in: store, origin: origin, at: now) {
                    return ended
                }
                checked = try self.check(typed, for: own, phone: phone, in: store, at: now)
                asked = phone
            } else {
                let found = try self.owned(ticket, store.logins.find(ticket.id))
                return try self.view(found, in: store, at: now, notice: .movedOn)
            }
            switch checked {
            case .success(let result):
                if result.isFailure { try self.countFailure(own, origin: origin, in: store, at: now) }
                let view = try self.advance(own, by: .responseChecked(result), in: store, origin: origin, at: now)
                if let asked { try self.countUsed(result, of: asked, for: own, in: store, at: now) }
                return view
            case .failure(let notice):
                return try self.view(own, in: store, at: now, notice: notice)
            }
        }
    }

    /// Back to the list of authenticators.
    package func chooseAnother(_ ticket: LoginTicket, origin: RequestOrigin) async throws -> LoginView {
        try await self.step(ticket, .choseAnother, origin: origin)
    }

    package func cancel(_ ticket: LoginTicket, origin: RequestOrigin) async throws -> LoginView {
        try await self.step(ticket, .cancelled, origin: origin)
    }

    private func step(_ ticket: LoginTicket, _ event: LoginEvent, origin: RequestOrigin) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let stored = try self.owned(ticket, store.logins.lock(ticket.id))
            return try self.advance(stored, by: event, in: store, origin: origin, at: now)
        }
    }
}

/// What a login's steps are measured against.
package struct LoginLimits: Sendable {
    package var password = PasswordLimits()
    package var factor = FactorLimits()
    package var sources = SourceLimits()
    /// From start to grant.
    package var lifetime = Login.lifetime
    package var challenge = CardChallenge.lifetime
    /// How many codes go to telephone numbers.
    package var sending = SendingLimits()
    /// When those codes end, and how often their risk is acknowledged.
    package var codes = CodePolicy()
    /// An answer that somebody watched is right again when its challenge comes again: whoever knows the password must
    /// not be able to ask until it does.
    package var challengesAnHour: Int64 = 60
    package init() {}
}

/// From how many failures an hour on an alarm is raised.
package struct SourceLimits: Hashable, Sendable {
    package var perAddress: Int64 = 50
    package var perApplication: Int64 = 500
    package var firm: Int64 = 1000
    package init() {}
}
