import Dispatch
import Flows
import Identifiers
import SQL
import Sealing
import Storage
import Synchronization
import TestWorld
import Testing
import Time

@Suite("A new data key")
struct DataKeyTests {
    private static let batch = 2

    @Test("Everything is sealed anew, and the old key is gone", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = DataKeysFlow(environment: world.environment)
            let before = try await flow.list()
            #expect(before.map(\.id) == [1])
            let steps = Mutex<[Int64]>([])
            let rotation = try await flow.rotate(actor: "test", batch: Self.batch) { done, all in
                #expect(all == before[0].values)
                steps.withLock { $0.append(done) }
            }
            #expect(rotation.current == 2 && rotation.superseded == [1] && !rotation.isResumed)
            let after = try await flow.list()
            #expect(after.map(\.id) == [2] && after[0].values == before[0].values && after[0].superseded == nil)
            #expect(steps.withLock { $0.last } == before[0].values && steps.withLock { $0.count } > 3)
            #expect(try await world.dump()["data_key"].count == 1)
            _ = try await world.logIn()
            let audit = try await world.audit()
            #expect(audit.contains("data_key.added success") && audit.contains("data_key.retired success"))
        }
    }

    @Test("A node that knows only the old key reads and seals under the new one", arguments: StoreKind.allCases)
    func otherNode(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await closing(try world.place.driver()) { driver in
                let node = try await world.node(driver)
                let flow = DataKeysFlow(environment: world.environment)
                _ = try await flow.begin(actor: "test")
                try await flow.reseal(batch: 100)
                var provisions = Provisions()
                provisions.cards = [try TestCard(serial: "CS-100009", byte: 9).provision(for: "carol")]
                try await node.provision(provisions)
                try await flow.retire([1], actor: "test")
                _ = try await node.logIn()
                _ = try await node.logIn("carol", card: TestCard(serial: "CS-100009", byte: 9))
                let old = [UInt8]([1, 0, 0, 0, 1])
                let left = try await world.dump().cells.filter { $0.bytes.count >= 33 && $0.bytes.starts(with: old) }
                #expect(left.map(\.place) == [])
            }
        }
    }

    /// After each step in turn the process ends; another one goes on.
    @Test("Interrupted after any step, the next run goes on", arguments: StoreKind.allCases, 0..<6)
    func interrupted(kind: StoreKind, steps: Int) async throws {
        try await World.with(kind) { world in
            try await closing(try world.place.driver()) { driver in
                let node = try await world.node(driver)
                let flow = DataKeysFlow(environment: node.environment)
                _ = try await flow.begin(actor: "test")
                try await Self.reseal(steps, of: node.store)
            }
            _ = try await world.logIn()
            let flow = DataKeysFlow(environment: world.environment)
            let rotation = try await flow.rotate(actor: "test", batch: Self.batch)
            #expect(rotation.current == 2 && rotation.superseded == [1] && rotation.isResumed)
            #expect(try await flow.list().map(\.id) == [2])
            _ = try await world.logIn("dave", card: Firm.dave)
        }
    }

    /// Some batches, and no more: what a process has done that was killed then.
    private static func reseal(_ batches: Int, of store: Store) async throws {
        var position: ResealPosition? = ResealPosition()
        for _ in 0..<batches {
            guard let from = position else { return }
            position = try await store.write { try $0.dataKeys.reseal(from: from, most: Self.batch) }.next
        }
    }

    @Test("A key that something is sealed under is not retired", arguments: StoreKind.allCases)
    func inUse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = DataKeysFlow(environment: world.environment)
            let values = try await flow.list()[0].values
            _ = try await flow.begin(actor: "test")
            await #expect(throws: StoreKeysError.inUse(1, values: values)) {
                try await flow.retire([1], actor: "test")
            }
            #expect(try await flow.list().map(\.id) == [1, 2])
            _ = try await world.logIn()
        }
    }

    @Test("Under load no login fails", arguments: StoreKind.allCases)
    func underLoad(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.challengesAnHour = 1_000_000
        try await World.with(kind, limits: limits) { world in
            try await closing(try world.place.driver()) { driver in
                let other = try await Store.open(driver, clock: world.clock)
                let node = try World(world.place, other, clock: world.clock, limits: limits)
                let isOver = Flag()
                let logins = try await withThrowingTaskGroup(of: Int.self) { group in
                    for (number, user) in [("alice", Firm.alice), ("dave", Firm.dave)].enumerated() {
                        group.addTask {
                            var count = 0
                            while !Task.isCancelled, !isOver.isRaised || count == 0 {
                                let here = (count + number).isMultiple(of: 2) ? world : node
                                _ = try await here.logIn(user.0, card: user.1)
                                count += 1
                            }
                            return count
                        }
                    }
                    let flow = DataKeysFlow(environment: world.environment)
                    for round in 1...5 {
                        let rotation = try await flow.rotate(actor: "test", batch: 1)
                        #expect(rotation.current == UInt32(round + 1))
                    }
                    isOver.raise()
                    return try await group.reduce(0, +)
                }
                #expect(logins >= 2)
            }
        }
    }

    /// Else a value could be sealed under the old key after the last one was looked for, and its key be forgotten.
    @Test("While a transaction seals, nobody supersedes its key")
    func fence() async throws {
        try await World.with(.postgres) { world in
            let flow = DataKeysFlow(environment: world.environment)
            let (asked, begun, raced) = (Flag(), Flag(), Flag())
            try await closing(try world.place.driver(connections: 2)) { watcher in
                try await closing(try world.place.driver(connections: 2)) { driver in
                    let watched = WatchedDriver(driver) { call in
                        guard call.template.contains("INSERT INTO security_card"), !asked.isRaised else { return }
                        asked.raise()
                        Task {
                            _ = try await flow.begin(actor: "test")
                            begun.raise()
                        }
                        Self.untilSomebodyWaits(in: watcher, or: begun)
                        if begun.isRaised { raced.raise() }
                    }
                    let node = try await world.node(watched)
                    var provisions = Provisions()
                    provisions.cards = [try TestCard(serial: "CS-100009", byte: 9).provision(for: "carol")]
                    try await node.provision(provisions)
                }
            }
            while !begun.isRaised { await Task.yield() }
            #expect(asked.isRaised && !raced.isRaised)
            #expect(try await flow.list().map(\.id) == [1, 2])
        }
    }

    /// Blocks the driver's own thread.
    private static func untilSomebodyWaits(in watcher: any SQLDriver, or flag: Flag) {
        let done = DispatchSemaphore(value: 0)
        Task {
            var waiting: Int64 = 0
            while waiting == 0, !flag.isRaised {
                waiting = try await watcher.read { connection in
                    try connection.query(
                        """
                        SELECT COUNT(*) AS number FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """
                    ).first?.integer("number") ?? 0
                }
            }
            done.signal()
        }
        done.wait()
    }

    @Test("Another master key: all data keys or none, and running nodes go on", arguments: StoreKind.allCases)
    func master(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (old, new) = (try Store.testMasterKey(), try Store.testMasterKey(8))
            let flow = DataKeysFlow(environment: world.environment)
            _ = try await flow.begin(actor: "test")
            let wrong = try Store.testMasterKey(9)
            await #expect(throws: StoreKeysError.wrongMasterKey) {
                _ = try await KeyRing.replaceMaster(in: world.driver, from: wrong, to: new, random: .system)
            }
            for expected in [2, 0] {
                let count = try await KeyRing.replaceMaster(in: world.driver, from: old, to: new, random: .system)
                #expect(count == expected, "a second run finds nothing to do")
            }
            _ = try await world.logIn()
            await #expect(throws: StoreKeysError.wrongMasterKey) {
                _ = try await KeyRing.open(world.driver, master: old, random: .system, at: world.clock.now())
            }
            let keys = try await KeyRing.open(world.driver, master: new, random: .system, at: world.clock.now())
            let store = Store(driver: world.driver, keys: keys)
            let environment = FlowEnvironment(store: store, clock: { world.clock.now() }, random: .system)
            _ = try await DataKeysFlow(environment: environment).rotate(actor: "test")
            #expect(try await flow.list().map(\.id) == [2])
        }
    }

    @Test("A node reads the master key again when it does not open the newest data key", arguments: StoreKind.allCases)
    func masterAgain(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (old, new) = (try Store.testMasterKey(), try Store.testMasterKey(8))
            let now = world.clock.now()
            let running = try await KeyRing.open(
                world.driver, master: old, random: .system, at: now, masterAgain: { new })
            let node = try World(
                world.place, Store(driver: world.driver, keys: running), clock: world.clock)
            _ = try await KeyRing.replaceMaster(in: world.driver, from: old, to: new, random: .system)
            let keys = try await KeyRing.open(world.driver, master: new, random: .system, at: now)
            let other = FlowEnvironment(
                store: Store(driver: world.driver, keys: keys), clock: { now }, random: .system)
            _ = try await DataKeysFlow(environment: other).rotate(actor: "test")
            _ = try await node.logIn()
        }
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { self.value.load(ordering: .relaxed) }
    func raise() { self.value.store(true, ordering: .relaxed) }
}
