package import Identity
internal import Storage

/// Codes for users who cannot log in for want of a password.
extension StaffFlow {
    /// - Returns: the code, to be given to the user and to nobody else, and how long it works.
    /// - Throws: ``CodeIssueError``, ``StaffError``.
    package func issueCode(
        _ delivery: FirstPasswordDelivery, for name: UserName, reason: String, by claim: StaffClaim,
        origin: RequestOrigin
    ) async throws -> (ActivationCode, IssuedActivationCode) {
        let permit = try await self.permit(.issueActivationCode, by: claim, reason: reason) { try $0.users.find(name) }
        return try await self.passwords.issueCode(
            delivery, for: permit.user.id, by: permit.action, origin: origin
        ).issued()
    }

    /// - Throws: ``CodeIssueError``, ``StaffError``.
    package func startRecovery(
        of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> (ActivationCode, IssuedActivationCode) {
        let permit = try await self.permit(.startRecovery, by: claim, reason: reason) { try $0.users.find(name) }
        return try await self.passwords.startRecovery(
            for: permit.user.id, by: permit.action, origin: origin
        ).issued()
    }

    /// - Returns: whether there was one to cancel.
    package func cancelRecovery(
        of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> Bool {
        let permit = try await self.permit(.cancelRecovery, by: claim, reason: reason) { try $0.users.find(name) }
        return try await self.passwords.cancelRecovery(of: permit.user.id, by: permit.action, origin: origin)
    }

    private var passwords: StaffPasswordFlow { StaffPasswordFlow(environment: self.environment) }
}

/// Why no code was issued.
package enum CodeIssueError: Error, Hashable, Sendable {
    case userDisabled
    /// His own, or that of somebody with a role.
    case notPermitted
    /// A forgotten password is recovered.
    case hasPassword
}

extension CodeIssueAnswer {
    fileprivate func issued() throws(CodeIssueError) -> (ActivationCode, IssuedActivationCode) {
        switch self {
        case .issued(let code, let issued): return (code, issued)
        // The user was there a moment ago.
        case .noSuchUser: throw .userDisabled
        case .notPermitted: throw .notPermitted
        case .hasPassword: throw .hasPassword
        }
    }
}
