internal import Audit
internal import Encodings
package import Storage
internal import Time

/// The keys that sign tokens: the first one is made in a store that has none.
package struct SigningKeysFlow: Sendable {
    private let environment: FlowEnvironment

    package init(environment: FlowEnvironment) { self.environment = environment }

    /// - Parameter make: makes a key with the id given.
    /// - Returns: oldest first, at least one. Of two nodes that start at once both get the same.
    package func open(make: @escaping @Sendable (String) -> StoredSigningKey) async throws -> [StoredSigningKey] {
        let now = self.environment.now()
        let first = make(Base64URL.encode(self.environment.random.bytes(12)))
        return try await self.environment.store.write { store in
            let stored = try store.signingKeys.lockAll()
            guard stored.isEmpty else { return stored }
            try store.signingKeys.add(first, at: now)
            try self.environment.record(
                [AuditNote(.signingKeyAdded, .success)], context: AuditContext(actor: "start"), in: store, at: now)
            return [first]
        }
    }
}
