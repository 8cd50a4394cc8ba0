internal import Applications
package import Flows
internal import Identifiers
package import Identity
internal import Sessions
internal import Storage
internal import Time

/// Somebody of the staff, logged in as the admin API asks for it.
extension World {
    package func desk(_ limits: LoginLimits = LoginLimits()) -> StaffFlow {
        StaffFlow(environment: self.environment, sessions: SessionLimits(), limits: limits)
    }

    /// The claim of a user who has these roles from now on, in a new session with password and card.
    package func claim(
        _ name: String = "dave", card: TestCard = Firm.dave, roles: Set<Role> = [.administrator]
    ) async throws -> StaffClaim {
        let session = try await self.session(name, card: card)
        let terminal = try await self.application("terminal").id
        let secret = SecretToken(random: RandomSource.system.bytes(32))
        let token = AccessToken(
            application: terminal, session: session.id, user: session.user, scope: ["openid", "admin"],
            expires: self.clock.now() + AccessToken.lifetime)
        try await self.store.write { store in
            try store.users.set(roles, of: session.user)
            try store.accessTokens.add(token, hash: secret.hash, code: RandomSource.system.bytes(32))
        }
        return self.desk().claim(secret)
    }
}
