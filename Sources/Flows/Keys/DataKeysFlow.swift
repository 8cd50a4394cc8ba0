internal import Audit
package import Storage
internal import Time

/// The keys that seal the store's secrets: a new one takes over while the servers work, in steps that may be interrupted
/// anywhere: the next run goes on where this one was.
package struct DataKeysFlow: Sendable {
    private let environment: FlowEnvironment

    package init(environment: FlowEnvironment) { self.environment = environment }

    /// Oldest first; the last one seals.
    package func list() async throws -> [StoredDataKey] {
        try await self.environment.store.read { try $0.dataKeys.all() }
    }

    /// The whole change: a new key, everything sealed anew, the old key retired.
    ///
    /// - Parameters:
    ///   - actor: who, for the audit trail.
    ///   - batch: values in one transaction, during which those rows wait.
    ///   - progress: told how many values of how many are done.
    package func rotate(
        actor: String, batch: Int = 50, progress: (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
    ) async throws -> DataKeyRotation {
        let rotation = try await self.begin(actor: actor)
        try await self.reseal(batch: batch, progress: progress)
        try await self.retire(rotation.superseded, actor: actor)
        return rotation
    }

    /// Adds a key, which seals from then on; or finds the one of a rotation that was interrupted.
    package func begin(actor: String) async throws -> DataKeyRotation {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try store.dataKeys.lock()
            let keys = try store.dataKeys.all()
            let left = keys.filter { $0.superseded != nil }.map(\.id)
            if let current = keys.last, !left.isEmpty {
                return DataKeyRotation(current: current.id, superseded: left, isResumed: true)
            }
            let new = try store.dataKeys.supersede(at: now)
            try self.environment.record(
                [AuditNote(.dataKeyAdded, .success)], context: AuditContext(actor: actor), in: store, at: now)
            return DataKeyRotation(current: new, superseded: keys.map(\.id), isResumed: false)
        }
    }

    /// Seals everything anew that is under another key than the newest, a batch a transaction.
    package func reseal(batch: Int, progress: (_ done: Int64, _ all: Int64) -> Void = { _, _ in }) async throws {
        let all = try await self.environment.store.read { store in
            try store.dataKeys.values(notUnder: try store.dataKeys.all().last?.id ?? 0)
        }
        var position: ResealPosition? = ResealPosition()
        var done: Int64 = 0
        while let from = position {
            let step = try await self.environment.store.write {
                try $0.dataKeys.reseal(from: from, most: batch)
            }
            position = step.next
            done += Int64(step.values)
            if step.values > 0 { progress(done, max(all, done)) }
        }
    }

    /// Forgets keys under which nothing is sealed any more.
    package func retire(_ keys: [UInt32], actor: String) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            try store.dataKeys.lock()
            for key in keys { try store.dataKeys.retire(key) }
            try self.environment.record(
                keys.map { _ in AuditNote(.dataKeyRetired, .success) }, context: AuditContext(actor: actor), in: store,
                at: now)
        }
    }

    /// Notes that the master key was replaced.
    package func noteMasterKey(actor: String) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            try self.environment.record(
                [AuditNote(.masterKeyReplaced, .success)], context: AuditContext(actor: actor), in: store, at: now)
        }
    }
}

/// Which data key took over from which.
package struct DataKeyRotation: Hashable, Sendable {
    package let current: UInt32
    package let superseded: [UInt32]
    /// Whether this went on with a rotation that was interrupted.
    package let isResumed: Bool
}
