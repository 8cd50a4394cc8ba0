package import Flows
package import Identifiers
internal import Login
package import Sessions

/// What a user does on the server's own pages.
extension World {
    /// A granted login to the server's own pages; its user has one card or none.
    package func accountLogin(
        _ name: String = "alice", _ password: String = Firm.password, card: TestCard? = Firm.alice,
        visit: AccountVisit = AccountVisit(returnTo: "/account")
    ) async throws -> LoginTicket {
        let ticket = try await self.account.start(visit, origin: Self.origin)
        let view = try await self.submit(ticket, name, password)
        if let card, let challenge = view.challenge {
            _ = try await self.respond(ticket, try card.response(to: challenge))
        }
        return ticket
    }

    /// A whole login to the server's own pages, with the session that it gave.
    package func enter(
        _ name: String = "alice", _ password: String = Firm.password, card: TestCard? = Firm.alice,
        replacing earlier: SecretToken? = nil, origin: RequestOrigin = World.origin
    ) async throws -> SecretToken {
        let ticket = try await self.accountLogin(name, password, card: card)
        let end = try await self.account.finish(ticket, device: nil, replacing: earlier, origin: origin)
        guard case .entered(let session, _, _) = end else { throw Missing(what: "a login of \(name)") }
        return session
    }
}
