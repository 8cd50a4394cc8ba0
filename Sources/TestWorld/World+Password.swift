package import Flows
package import Identifiers
package import Identity
internal import PasswordHashing
internal import Storage

/// Passwords, and the staff that helps with them.
extension World {
    package static let newPassword = "fresh teapot on a windy hill"

    package var activation: ActivationFlow { ActivationFlow(account: self.account) }
    package var recovery: RecoveryFlow { RecoveryFlow(account: self.account) }
    package var staff: StaffPasswordFlow { StaffPasswordFlow(environment: self.environment) }

    package func user(_ name: String) async throws -> UserID {
        let userName = try UserName(name)
        guard let user = try await self.store.read({ try $0.users.find(userName) }) else { throw Missing(what: name) }
        return user.id
    }

    /// A user without a password or a card.
    package func add(_ name: String, roles: Set<Role> = []) async throws -> UserID {
        let now = self.environment.now()
        let user = User(
            id: UserID(at: now, random: self.environment.random.bytes(10)), name: try UserName(name),
            displayName: "\(name) of the firm", email: nil, status: .active, roles: roles)
        try await self.store.write { try $0.users.add(user, password: nil, at: now) }
        return user.id
    }

    /// What somebody of the staff does; he is added when he is missing.
    package func action(_ name: String = "helen", roles: Set<Role> = [.helpDesk]) async throws -> StaffAction {
        let known = try? await self.user(name)
        let id: UserID
        if let known { id = known } else { id = try await self.add(name, roles: roles) }
        return try StaffAction(staff: id, name: try UserName(name), reason: "Called from the number on file.")
    }

    package func activate(
        _ name: String, _ code: String, _ new: String = World.newPassword, origin: RequestOrigin = World.origin
    ) async throws -> ActivationAnswer {
        try await self.activation.activate(
            TypedActivation(userName: name, code: code, new: new, again: new), origin: origin)
    }
}
