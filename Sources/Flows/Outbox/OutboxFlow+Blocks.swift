internal import Audit
package import Outbox
internal import Storage

/// Blocks of numbers to which nothing goes, because hardly anybody typed the codes that went there. Whoever calls has made
/// sure that he may.
extension OutboxFlow {
    /// The newest first.
    package func stoppedBlocks() async throws -> [StoppedBlock] {
        let now = self.environment.now()
        return try await self.environment.store.read { try $0.conversions.stopped(at: now) }
    }

    /// Opens a block again. What was sent before does not count any more.
    ///
    /// - Throws: ``OutboxError/noSuchBlock`` where it is not stopped.
    package func resume(block prefix: String, by action: StaffAction, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard let stored = try store.conversions.watch(ofBlock: prefix) else { throw OutboxError.noSuchBlock }
            var watch = stored.watch
            // Whoever was first has done it.
            guard watch.resume(at: now), try store.conversions.save(watch, over: stored) else {
                throw OutboxError.noSuchBlock
            }
            var context = AuditContext(origin, by: action, for: nil)
            context.explanation = "\(prefix): \(action.reason)"
            try self.environment.record([AuditNote(.blockResumed, .success)], context: context, in: store, at: now)
        }
    }
}
