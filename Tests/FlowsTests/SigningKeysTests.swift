import Flows
import OAuth
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Signing keys and their rotation")
struct SigningKeysTests {
    private static let make: SigningKeysFlow.Maker = { algorithm, id in
        StoredSigningKey(id: id, algorithm: algorithm.rawValue, privateKey: Array(id.utf8))
    }

    private func states(_ flow: SigningKeysFlow) async throws -> [String] {
        try await flow.all().map { "\($0.algorithm) \($0.state.rawValue)" }.sorted()
    }

    private static let opened = ["ES256 current", "RS256 current"]

    @Test("A new store gets one key of each algorithm, however many nodes start", arguments: StoreKind.allCases)
    func open(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = SigningKeysFlow(environment: world.environment)
            let keys = try await atOnce(8) { _ in try await flow.open(make: Self.make).map(\.id) }
            #expect(Set(keys).count == 1)
            #expect(try await self.states(flow) == Self.opened)
            #expect(try await world.audit().count { $0 == "signing_key.added success" } == 2)
        }
    }

    @Test("A store of before an algorithm gets its key beside the others", arguments: StoreKind.allCases)
    func upgrade(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = SigningKeysFlow(environment: world.environment)
            let old = try await flow.open(make: Self.make)
            try await world.execute("DELETE FROM signing_key WHERE algorithm = 'RS256'")
            let new = try await flow.open(make: Self.make)
            #expect(new.count == 2 && new.contains { key in key.id == old.first { $0.algorithm == "ES256" }?.id })
        }
    }

    @Test("Published, then signing, then retired, then forgotten", arguments: StoreKind.allCases)
    func rotation(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = SigningKeysFlow(environment: world.environment)
            let old = Set(try await flow.open(make: Self.make).map(\.id))
            let waiting = try await flow.prepare(make: Self.make, actor: "alice")
            #expect(waiting.count == 2 && old.isDisjoint(with: waiting))
            #expect(try await self.states(flow) == ["ES256 current", "ES256 next", "RS256 current", "RS256 next"])
            #expect(Set(try await flow.prepare(make: Self.make, actor: "alice")) == Set(waiting), "it waits already")
            world.clock.advance(.minutes(10) + .milliseconds(-1))
            #expect(try await !flow.advance())
            world.clock.advance(.milliseconds(1))
            #expect(try await flow.advance())
            #expect(try await !flow.advance())
            let current = try await flow.all().filter { $0.state == .current }.map(\.id)
            #expect(Set(current) == Set(waiting))
            #expect(Set(try await flow.all().filter { $0.state == .retired }.map(\.id)) == old)
            world.clock.advance(.hours(25) + .milliseconds(-1))
            #expect(try await !flow.advance())
            world.clock.advance(.milliseconds(1))
            #expect(try await flow.advance())
            #expect(try await self.states(flow) == Self.opened)
            let audit = try await world.audit()
            for event in ["added", "activated", "retired", "removed"] {
                #expect(audit.count { $0 == "signing_key.\(event) success" } == (event == "added" ? 4 : 2), "\(event)")
            }
        }
    }

    @Test("Of many nodes that take the step at once one does", arguments: StoreKind.allCases)
    func atOnceEverywhere(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = SigningKeysFlow(environment: world.environment)
            _ = try await flow.open(make: Self.make)
            _ = try await atOnce(8) { _ in try await flow.prepare(make: Self.make, actor: "alice") }
            #expect(try await flow.all().count == 4)
            world.clock.advance(.minutes(10))
            let changed = try await atOnce(8) { _ in try await flow.advance() }
            #expect(changed.count { $0 } == 1)
            #expect(try await world.audit().count { $0 == "signing_key.activated success" } == 2)
        }
    }

    @Test("All at once, for a key that somebody else knows", arguments: StoreKind.allCases)
    func replaceAll(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = SigningKeysFlow(environment: world.environment)
            let old = Set(try await flow.open(make: Self.make).map(\.id))
            _ = try await flow.prepare(make: Self.make, actor: "alice")
            try await flow.replaceAll(make: Self.make, actor: "alice")
            #expect(try await self.states(flow) == Self.opened)
            #expect(old.isDisjoint(with: try await flow.all().map(\.id)))
        }
    }
}
