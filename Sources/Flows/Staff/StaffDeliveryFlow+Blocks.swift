internal import Identity
package import Outbox

/// Blocks of numbers that were stopped because hardly anybody typed the codes that went there.
extension StaffDeliveryFlow {
    /// The newest first.
    package func stoppedBlocks(by proof: StaffProof) async throws -> [StoppedBlock] {
        try await self.prove(proof, for: .seeDelivery)
        return try await self.outbox.stoppedBlocks()
    }

    /// - Throws: ``OutboxError/noSuchBlock`` too.
    package func resume(
        block prefix: String, reason: String, by proof: StaffProof, origin: RequestOrigin
    ) async throws {
        let action = try await self.action(.switchProvider, reason, by: proof)
        try await self.outbox.resume(block: prefix, by: action, origin: origin)
    }
}
