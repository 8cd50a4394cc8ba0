import Channels
import Delivery
import Flows
import Identifiers
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("A provider takes so many a second")
struct OutboxRateTests {
    @Test("The others wait in the outbox until the clock has moved, and go once each", arguments: StoreKind.allCases)
    func worked(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 2])
            var posted: [DeliveryID] = []
            for _ in 1...5 { posted.append(try await world.post()) }
            for (after, count) in [(0, 2), (999, 2), (1, 4), (999, 4), (1, 5), (5_000, 5)] as [(Int64, Int)] {
                world.clock.advance(.milliseconds(after))
                _ = try await scene.worker.work()
                #expect(acme.messages.count == count)
            }
            #expect(Set(acme.messages.map(\.id)) == Set(posted))
            for row in try await world.dump()["outbox"] {
                #expect(row["state"] == .text("sent") && row["attempts"] == .integer(1))
            }
        }
    }

    @Test("A hundred codes go as fast as the provider takes them, the oldest first", arguments: StoreKind.allCases)
    func throughput(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 10])
            var posted: [DeliveryID] = []
            for _ in 1...100 {
                world.clock.advance(.milliseconds(1))
                posted.append(try await world.post())
            }
            let begin = world.clock.now()
            try await scene.work(for: .seconds(10), step: .milliseconds(100))
            #expect(acme.messages.count == 100)
            let times = acme.times
            #expect(times.allSatisfy { $0 <= begin + .seconds(9) })
            for index in 10..<times.count { #expect(times[index] - times[index - 10] >= .seconds(1)) }
            // Those of one claim go at once, in whatever order.
            for (index, message) in acme.messages.enumerated() {
                let tenth = index / 10 * 10
                #expect(posted[tenth..<(tenth + 10)].contains(message.id))
            }
        }
    }

    @Test("Behind a thousand notices a code goes within a second", arguments: StoreKind.allCases, [false, true])
    func codeFirst(kind: StoreKind, hasAnother: Bool) async throws {
        let (acme, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(
                world, hasAnother ? ["acme": acme, "other": other] : ["acme": acme], perSecond: ["acme": 1])
            try await scene.addNotices(1_000)
            try await scene.work(for: .seconds(5), step: .milliseconds(250))
            #expect(acme.messages.count == 6, "nobody waits for a code")
            let (id, posted) = (try await world.post(), world.clock.now())
            try await scene.work(for: .seconds(3), step: .milliseconds(250))
            let index = try #require(acme.messages.firstIndex { $0.id == id })
            #expect(acme.times[index] <= posted + .seconds(1))
            #expect(acme.messages.count == 9 && other.messages.isEmpty)
            let times = acme.times
            for index in 1..<times.count { #expect(times[index] - times[index - 1] >= .seconds(1)) }
        }
    }

    @Test("A large backlog costs little while it waits", arguments: StoreKind.allCases)
    func little(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await Self.watched(kind) { world, driver in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 1])
            try await scene.addNotices(1_000)
            _ = try await scene.worker.work()
            for second in 2...6 {
                _ = driver.takeCalls()
                try await scene.work(for: .milliseconds(975), step: .milliseconds(25))
                #expect(driver.takeCalls().isEmpty, "nothing is asked for while there is no place")
                try await scene.work(for: .milliseconds(25), step: .milliseconds(25))
                let calls = driver.takeCalls()
                #expect(Self.updates(calls) == 2 && calls.count { $0.access == .begin } == 2, "claimed, and finished")
                #expect(acme.messages.count == second)
            }
        }
    }

    @Test("Beside a provider without a rate a bounded number is put back", arguments: StoreKind.allCases)
    func bounded(kind: StoreKind) async throws {
        let (acme, other) = (ScriptedChannel(), ScriptedChannel())
        try await Self.watched(kind) { world, driver in
            let scene = try OutboxScene(world, ["acme": acme, "other": other], perSecond: ["acme": 1])
            try await scene.addNotices(1_000)
            for _ in 1...40 {
                _ = driver.takeCalls()
                try await scene.work(for: .seconds(1), step: .milliseconds(50))
                #expect(Self.updates(driver.takeCalls()) <= 2 * 51 + 4, "in a second there are parts of two spans")
            }
            #expect((39...41).contains(acme.messages.count) && other.messages.isEmpty, "and no place is lost")
        }
    }

    @Test("Two nodes share what waits, and each has its own places", arguments: StoreKind.allCases, [false, true])
    func nodes(kind: StoreKind, notices: Bool) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let first = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 2])
            let second = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 2])
            if notices {
                try await first.addNotices(20)
            } else {
                for _ in 1...40 { try await world.post() }
            }
            for seconds in 0...9 {
                _ = try await (first.worker.work(), second.worker.work())
                #expect(acme.messages.count == (seconds + 1) * (notices ? 2 : 4))
                world.clock.advance(.milliseconds(999))
                _ = try await (second.worker.work(), first.worker.work())
                world.clock.advance(.milliseconds(1))
            }
            #expect(Set(acme.messages.map(\.id)).count == (notices ? 20 : 40))
        }
    }

    @Test("What one node put back goes by another at once, where that has a place", arguments: StoreKind.allCases)
    func putBackByOne(kind: StoreKind) async throws {
        let (acme, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let rates = ["acme": 1]
            let first = try OutboxScene(world, ["acme": acme, "other": other], perSecond: rates)
            let second = try OutboxScene(world, ["acme": acme, "other": other], perSecond: rates)
            for _ in 1...3 { try await world.post() }
            _ = try await first.worker.work()
            #expect(acme.messages.count == 1)
            world.clock.advance(.seconds(2))
            _ = try await second.worker.work()
            #expect(acme.messages.count == 2, "it takes the place that it finds")
            _ = try await first.worker.work()
            world.clock.advance(.seconds(1))
            _ = try await first.worker.work()
            #expect(acme.messages.count == 3 && other.messages.isEmpty)
        }
    }

    @Test("Whoever cannot wait so long goes to the next provider", arguments: StoreKind.allCases)
    func nextProvider(kind: StoreKind) async throws {
        let (slow, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["slow": slow, "other": other], perSecond: ["slow": 1])
            for _ in 1...3 { try await world.post(life: .milliseconds(900)) }
            _ = try await scene.worker.work()
            #expect(slow.messages.count == 1 && other.messages.count == 2)
        }
    }

    @Test("More codes than go in their life: the rest goes to the next provider at once", arguments: StoreKind.allCases)
    func tooMany(kind: StoreKind) async throws {
        let (slow, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["slow": slow, "other": other], perSecond: ["slow": 1])
            for _ in 1...40 { try await world.post(life: .seconds(30)) }
            _ = try await scene.worker.work()
            #expect(slow.messages.count == 1 && other.messages.count == 10)
            try await scene.work(for: .seconds(40), step: .milliseconds(250))
            #expect(slow.messages.count >= 25 && slow.messages.count + other.messages.count == 40)
        }
    }

    @Test("A login that ends meanwhile takes its message back", arguments: StoreKind.allCases, [false, true])
    func withdrawn(kind: StoreKind, hasAnother: Bool) async throws {
        let (acme, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(
                world, hasAnother ? ["acme": acme, "other": other] : ["acme": acme], perSecond: ["acme": 1])
            try await world.post()
            let login = try await world.start().id
            let waiting = try await world.post(of: login)
            _ = try await scene.worker.work()
            let now = world.clock.now()
            try await world.store.write { try $0.withdrawMessages(of: login, at: now) }
            world.clock.advance(.seconds(2))
            _ = try await scene.worker.work()
            #expect(acme.messages.count == 1 && other.messages.isEmpty)
            #expect(try await scene.state(waiting) == .withdrawn)
        }
    }

    @Test("As it runs: no claim without a place, and the code before the notices", arguments: StoreKind.allCases)
    func running(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 1])
            try await scene.addNotices(20)
            let running = Task { await scene.worker.run() }
            await acme.arrived(1)
            let code = try await world.post()
            #expect(try await scene.state(code) == .waiting)
            world.clock.advance(.seconds(1))
            // Its commit wakes the worker.
            try await world.post()
            await acme.arrived(1)
            running.cancel()
            await running.value
            #expect(acme.messages.map(\.id).last == code && acme.messages.count == 2)
        }
    }

    @Test(
        "A notice that finds no place at a narrower provider is nobody's fault, and goes later",
        arguments: StoreKind.allCases)
    func narrow(kind: StoreKind) async throws {
        let (wide, narrow) = (ScriptedChannel(otherwise: OutboxWorkerTests.down), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(
                world, ["wide": wide, "narrow": narrow], windows: ["narrow": 1], patience: .zero)
            let gate = narrow.close()
            try await scene.addNotices(3)
            async let count = scene.worker.work()
            await narrow.arrived(1)
            gate.open()
            _ = try await count
            #expect(!scene.worker.resting.contains("narrow"))
            for row in try await world.dump()["outbox"] where row["state"] == .text("waiting") {
                #expect(row["attempts"] == .integer(1) && row["fault"] == .text("unreachable"), "only the first failed")
            }
            try await scene.work(for: .seconds(60), step: .seconds(1))
            #expect(Set(narrow.messages.map(\.id)).count == 3 && narrow.mostUnderWay == 1)
        }
    }

    private static func updates(_ calls: [WatchedDriver.Call]) -> Int {
        calls.count { $0.template.hasPrefix("UPDATE outbox") }
    }

    private static func watched(
        _ kind: StoreKind, _ body: (World, WatchedDriver) async throws -> Void
    ) async throws {
        var watched: WatchedDriver?
        try await World.with(
            kind,
            wrap: { driver in
                let driver = WatchedDriver(driver)
                watched = driver
                return driver
            },
            { world in try await body(world, try #require(watched)) })
    }
}
