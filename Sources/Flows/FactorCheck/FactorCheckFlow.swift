package import Applications
internal import Audit
internal import Authenticators
package import Identifiers
package import Identity
internal import Login
internal import Sessions
internal import Storage
internal import Time

/// The second factor alone, for an application that keeps the passwords itself and is permitted to. It gets a statement
/// for itself only: no session, no token for anybody else.
package struct FactorCheckFlow: Sendable {
    let login: LoginFlow
    var environment: FlowEnvironment { self.login.environment }

    package init(login: LoginFlow) { self.login = login }

    /// Starts at the second factor. With one authenticator, or one that is named, it is challenged at once. Telephone numbers
    /// are offered to an application with a permission of its own (`FactorCheckFlow+Codes.swift`).
    package func start(
        _ userName: UserName, authenticator: AuthenticatorID?, for claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> FactorCheckStart {
        let now = self.environment.now()
        let ticket = LoginTicket(id: self.environment.id(at: now), secret: self.environment.secret())
        return try await self.environment.store.write { store in
            let found = try store.cards.lockActive(of: userName, askedBy: claim.clientID, at: now)
            let application =
                try found.map { try claim.prove($0.application, in: store) } ?? claim.prove(in: store)
            let cards = found?.cards ?? []
            if application.mayHaveCodesSent {
                let asked = FactorCheckRequest(userName, authenticator, application, ticket, origin, at: now)
                return try self.start(asked, cards: cards, in: store)
            }
            guard let user = cards.first?.user else { return try Self.nothing(for: userName, in: store) }
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
    static func nothing(for userName: UserName, in store: StoreTransaction) throws -> FactorCheckStart {
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
        let view = try await self.view(ticket, for: application)
        let chosen = view.state.subject?.authenticators.first { $0.id == authenticator }
        // It may have lost the permission since it began.
        if chosen?.kind == .phoneNumber, !application.mayHaveCodesSent { throw FlowError.applicationNotPermitted }
        return try await self.login.choose(authenticator, for: ticket, origin: origin)
    }

    package func cancel(
        _ ticket: LoginTicket, of application: Application, origin: RequestOrigin
    ) async throws -> LoginView {
        _ = try await self.view(ticket, for: application)
        return try await self.login.cancel(ticket, origin: origin)
    }

    func own(_ view: LoginView, _ application: Application) throws -> LoginView {
        guard view.application.id == application.id, view.purpose == .factorCheck else {
            throw FlowError.noSuchLogin
        }
        return view
    }
}

extension Application {
    /// Whether a factor check of it may ask telephone numbers.
    var mayHaveCodesSent: Bool { self.registration.permissions.contains(.factorCheckText) }
}

package enum FactorCheckStart: Sendable {
    case started(LoginTicket, LoginView)
    /// The application may know: it keeps the users itself.
    case noSuchUser
    case noAuthenticator
    case notOneOfTheUsers
}
