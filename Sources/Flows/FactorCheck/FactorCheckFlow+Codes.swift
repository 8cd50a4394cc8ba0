package import Applications
internal import Audit
package import Authenticators
internal import Identifiers
internal import Identity
internal import Login
internal import Sessions
internal import Storage
internal import Time

/// A factor check, as it was asked for by an application that is proven.
struct FactorCheckRequest {
    let userName: UserName
    let authenticator: AuthenticatorID?
    let application: Application
    let ticket: LoginTicket
    let origin: RequestOrigin
    let now: Instant

    init(
        _ userName: UserName, _ authenticator: AuthenticatorID?, _ application: Application, _ ticket: LoginTicket,
        _ origin: RequestOrigin, at now: Instant
    ) {
        self.userName = userName
        self.authenticator = authenticator
        self.application = application
        self.ticket = ticket
        self.origin = origin
        self.now = now
    }
}

/// Factor checks by codes that go to telephone numbers, for applications that have the permission: no password of ours
/// stands before them, so each application has a budget of its own.
extension FactorCheckFlow {
    /// Starts among all that the user can use.
    ///
    /// - Parameter cards: of the user, locked.
    func start(
        _ asked: FactorCheckRequest, cards: [LockedCard], in store: StoreTransaction
    ) throws -> FactorCheckStart {
        let (now, ticket) = (asked.now, asked.ticket)
        var usable: [any LockedFactor] = cards
        usable += try store.phoneNumbers.lockActive(of: asked.userName) as [any LockedFactor]
        guard let user = usable.first?.user else { return try Self.nothing(for: asked.userName, in: store) }
        let offered = self.login.limits.codes.offered(usable.map { $0.summary })
        let chosen = asked.authenticator ?? (offered.count == 1 ? offered[0].id : nil)
        if let chosen, !offered.contains(where: { $0.id == chosen }) { return .notOneOfTheUsers }
        let login = Login(of: user, authenticators: offered, at: now, lifetime: self.login.limits.lifetime)
        try store.logins.add(
            login, id: ticket.id, secretHash: ticket.secret.hash, application: asked.application.id,
            purpose: .factorCheck, at: now)
        let context = AuditContext(asked.origin, user: user, login: ticket.id, application: asked.application.id)
        try self.environment.record([AuditNote(.loginStarted, .information)], context: context, in: store, at: now)
        let stored = try self.login.owned(ticket, store.logins.lock(ticket.id))
        guard let factor = usable.first(where: { $0.summary.id == chosen }) else {
            return .started(ticket, try self.login.view(stored, in: store, at: now))
        }
        let offer = try self.login.offer(factor, for: stored, in: store, origin: asked.origin, at: now)
        let view = try self.login.advance(
            stored, by: .challenged(offer), in: store, origin: asked.origin, at: now)
        return .started(ticket, view)
    }

    /// Sends the code that is waited for once more, by text or by a call.
    ///
    /// - Throws: ``FlowError/applicationNotPermitted``.
    package func sendCode(
        by way: CodeWay, for ticket: LoginTicket, of application: Application, origin: RequestOrigin
    ) async throws -> LoginView {
        guard application.mayHaveCodesSent else { throw FlowError.applicationNotPermitted }
        _ = try await self.view(ticket, for: application)
        return try await self.login.sendCode(by: way, for: ticket, origin: origin)
    }
}
