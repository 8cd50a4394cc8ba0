internal import Audit
internal import Encodings
package import OAuth
package import Storage
package import Time

/// The keys that sign tokens, and their rotation: a new key is published first, signs when everyone knows it, retires when
/// the next one comes, and is forgotten when what it signed has ended. No login fails for it.
package struct SigningKeysFlow: Sendable {
    /// Makes a key of an algorithm with the id given.
    package typealias Maker = @Sendable (SigningAlgorithm, String) throws -> StoredSigningKey

    private let environment: FlowEnvironment
    private let times: SigningKeyTimes

    package init(environment: FlowEnvironment, times: SigningKeyTimes = SigningKeyTimes()) {
        self.environment = environment
        self.times = times
    }

    /// The keys as they are now, oldest first.
    package func all() async throws -> [StoredSigningKey] {
        try await self.environment.store.read { try $0.signingKeys.all() }
    }

    /// Makes a current key for each algorithm that has none: in a new store, or one of before that algorithm.
    ///
    /// - Returns: oldest first. Of two nodes that start at once both get the same.
    package func open(make: Maker) async throws -> [StoredSigningKey] {
        let found = try await self.all()
        let made = try Self.missing(in: found, among: [.current]).map { try make($0, self.newID()) }
        guard !made.isEmpty else { return found }
        return try await self.add(made, as: .current, unlessThereIs: [.current], actor: "start")
    }

    /// Begins a rotation: a next key for each algorithm, published from now on. Where one waits already, nothing is made.
    ///
    /// - Returns: the ids of the keys that wait now.
    package func prepare(make: Maker, actor: String) async throws -> [String] {
        let made = try Self.missing(in: try await self.all(), among: [.next]).map { try make($0, self.newID()) }
        let keys = try await self.add(made, as: .next, unlessThereIs: [.next], actor: actor)
        return keys.filter { $0.state == .next }.map(\.id)
    }

    /// Takes the steps of a rotation whose time has come. Every node may call it, as often as it likes.
    ///
    /// - Returns: whether anything changed.
    package func advance() async throws -> Bool {
        let now = self.environment.now()
        guard try await self.all().contains(where: { self.isDue($0, at: now) }) else { return false }
        return try await self.environment.store.write { store in
            let keys = try store.signingKeys.lockAll()
            let due = keys.filter { self.isDue($0, at: now) }
            for key in due { try self.advance(key, among: keys, in: store, at: now) }
            return !due.isEmpty
        }
    }

    /// Replaces all keys at once, for when one of them is known to somebody else. What they signed is refused from now on:
    /// tokens are fetched anew, and nobody is logged out.
    package func replaceAll(make: Maker, actor: String) async throws {
        let now = self.environment.now()
        let made = try SigningAlgorithm.allCases.map { try make($0, self.newID()) }
        try await self.environment.store.write { store in
            for key in try store.signingKeys.lockAll() {
                try store.signingKeys.remove(key.id)
                try self.record(.signingKeyRemoved, actor, in: store, at: now)
            }
            for key in made {
                try store.signingKeys.add(key, as: .current, at: now)
                try self.record(.signingKeyAdded, actor, in: store, at: now)
            }
        }
    }
}

/// How long a key is published before it signs, and after.
package struct SigningKeyTimes: Hashable, Sendable {
    /// Longer than a node takes to hear of a key, and than applications keep a fetched key set without looking again.
    package var beforeUse: Span
    /// Longer than a session: its ID token may come back as a hint.
    package var afterUse: Span

    package init(beforeUse: Span = .minutes(10), afterUse: Span = .hours(25)) {
        self.beforeUse = beforeUse
        self.afterUse = afterUse
    }
}

extension SigningKeysFlow {
    private func newID() -> String { Base64URL.encode(self.environment.random.bytes(12)) }

    private static func missing(
        in keys: [StoredSigningKey], among states: Set<SigningKeyState>
    ) -> [SigningAlgorithm] {
        SigningAlgorithm.allCases.filter { algorithm in
            !keys.contains { $0.algorithm == algorithm.rawValue && states.contains($0.state) }
        }
    }

    /// Looks again under the lock: another node may have been first.
    private func add(
        _ made: [StoredSigningKey], as state: SigningKeyState, unlessThereIs states: Set<SigningKeyState>, actor: String
    ) async throws -> [StoredSigningKey] {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let missing = Self.missing(in: try store.signingKeys.lockAll(), among: states).map(\.rawValue)
            for key in made where missing.contains(key.algorithm) {
                try store.signingKeys.add(key, as: state, at: now)
                try self.record(.signingKeyAdded, actor, in: store, at: now)
            }
            return try store.signingKeys.all()
        }
    }

    private func isDue(_ key: StoredSigningKey, at now: Instant) -> Bool {
        switch key.state {
        case .next: now >= key.since + self.times.beforeUse
        case .current: false
        case .retired: now >= key.since + self.times.afterUse
        }
    }

    private func advance(
        _ key: StoredSigningKey, among keys: [StoredSigningKey], in store: StoreTransaction, at now: Instant
    ) throws {
        guard key.state == .next else {
            try store.signingKeys.remove(key.id)
            return try self.record(.signingKeyRemoved, "rotation", in: store, at: now)
        }
        for old in keys where old.state == .current && old.algorithm == key.algorithm {
            try store.signingKeys.move(old.id, to: .retired, at: now)
            try self.record(.signingKeyRetired, "rotation", in: store, at: now)
        }
        try store.signingKeys.move(key.id, to: .current, at: now)
        try self.record(.signingKeyActivated, "rotation", in: store, at: now)
    }

    private func record(
        _ event: AuditEvent, _ actor: String, in store: StoreTransaction, at now: Instant
    ) throws {
        try self.environment.record(
            [AuditNote(event, .success)], context: AuditContext(actor: actor), in: store, at: now)
    }
}
