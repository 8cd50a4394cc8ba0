internal import Audit
package import Identifiers
internal import Identity
internal import Sessions
internal import Storage
internal import Time

/// Cancelling a recovery that the help desk started: by who is logged in, or by the link of a notice.
extension AccountFlow {
    package func cancelRecovery(_ secret: SecretToken?, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .view, in: store, at: now)
            for issued in try store.activationCodes.live(of: visitor.user.id, at: now) where issued.kind == .recovery {
                let context = AuditContext(origin, user: visitor.user.id)
                try self.environment.cancel(issued, context: context, in: store, at: now)
            }
        }
    }

    /// - Returns: false where the link is not of a recovery that can be cancelled still.
    package func cancelRecovery(_ link: RecoveryLink, origin: RequestOrigin) async throws -> Bool {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let issued = try store.activationCodes.find(link.id), issued.kind == .recovery,
                link.isProven(by: store.activationCodes.cancelProof(of: link.id)),
                try store.activationCodes.live(of: issued.user, at: now).contains(issued)
            else { return false }
            let context = AuditContext(origin, user: issued.user)
            try self.environment.cancel(issued, context: context, in: store, at: now)
            return true
        }
    }

    /// What goes into the link of a notice. Whoever delivers notices asks for it then: the notice itself holds no proof.
    package func link(cancelling id: ActivationCodeID) async throws -> RecoveryLink {
        try await self.environment.store.read { store in
            RecoveryLink(id: id, proof: store.activationCodes.cancelProof(of: id))
        }
    }
}
