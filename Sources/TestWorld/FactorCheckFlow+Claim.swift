package import Applications
package import Flows
package import Identifiers
package import Identity

/// Steps by an application that proves itself with the secret that the firm's backends share.
extension FactorCheckFlow {
    package func start(
        _ userName: UserName, authenticator: AuthenticatorID?, for application: Application, origin: RequestOrigin
    ) async throws -> FactorCheckStart {
        let claim = ApplicationClaim(clientID: application.clientID, secret: Firm.backendSecret)
        return try await self.start(userName, authenticator: authenticator, for: claim, origin: origin)
    }

    package func respond(
        to ticket: LoginTicket, with typed: String, of application: Application, origin: RequestOrigin
    ) async throws -> FactorCheckAnswer {
        let claim = ApplicationClaim(clientID: application.clientID, secret: Firm.backendSecret)
        return try await self.respond(to: ticket, with: typed, of: claim, origin: origin)
    }
}
