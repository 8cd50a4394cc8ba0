internal import Audit
package import Outbox
internal import Storage

/// Blocks of numbers to which nothing goes, because hardly anybody typed the codes that went there.
extension OutboxFlow {
    /// The newest first.
    package func stoppedBlocks() async throws -> [StoppedBlock] {
        let now = self.environment.now()
        return try await self.environment.store.read { try $0.conversions.stopped(at: now) }
    }

    /// Opens a block again, for whatever it was stopped. What was sent before does not count any more.
    ///
    /// - Throws: ``OutboxError/noSuchBlock`` where it is not stopped.
    package func resume(block prefix: String, by action: StaffAction, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            let resumed = try store.conversions.watches(ofBlock: prefix).filter { stored in
                var watch = stored.watch
                // Whoever was first has done it.
                return try watch.resume(at: now) && store.conversions.save(watch, over: stored)
            }
            guard !resumed.isEmpty else { throw OutboxError.noSuchBlock }
            var context = AuditContext(origin, by: action, for: nil)
            context.explanation = "\(prefix): \(action.reason)"
            try self.environment.record([AuditNote(.blockResumed, .success)], context: context, in: store, at: now)
        }
    }
}
