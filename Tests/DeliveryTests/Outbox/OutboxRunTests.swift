import Channels
import Delivery
import Flows
import Identifiers
import Logging
import Outbox
import SQL
import Storage
import Synchronization
import TestWorld
import Testing
import Time

/// The worker as the server runs it. Nothing here waits for time: the database wakes it.
@Suite("The worker runs by itself")
struct OutboxRunTests {
    @Test("Woken by the commit, by whichever node it was", arguments: StoreKind.allCases)
    func woken(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let running = Task { await scene.worker.run() }
            for _ in 1...5 {
                try await scene.world.post()
                await acme.arrived(1)
            }
            if kind == .postgres {
                try await closing(try scene.world.place.driver()) { driver in
                    try await scene.world.node(driver).post()
                    await acme.arrived(1)
                }
            }
            running.cancel()
            await running.value
            let states = try await scene.world.dump()["outbox"].map { $0["state"] }
            #expect(states.allSatisfy { $0 == .text("sent") }, "what was under way is finished")
        }
    }

    @Test("What a provider reports arrives, while it runs", arguments: StoreKind.allCases)
    func reports(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let running = Task { await scene.worker.run() }
            await acme.started()
            let id = try await scene.world.post()
            await acme.arrived(1)
            let report = try #require(acme.reporting)
            await report(DeliveryReport(reference: "m1", progress: .delivered))
            await report(DeliveryReport(reference: "", progress: .delivered))
            running.cancel()
            await running.value
            #expect(try await scene.state(id) == .delivered, "even if it came before the answer was saved")
            #expect(acme.reporting == nil, "the way ends with the worker")
        }
    }

    /// The worker runs, a provider has taken a message as m1, and the database goes away.
    private func whileAway(
        _ kind: StoreKind,
        _ body: (AwayDriver, @escaping ScriptedChannel.Reporting, Task<Void, Never>, OutboxScene, DeliveryID)
            async throws -> Void
    ) async throws {
        let acme = ScriptedChannel()
        let wrap = { (driver: any SQLDriver) in AwayDriver(driver) }
        try await World.with(kind, wrap: wrap) { world in
            let scene = try OutboxScene(world, ["acme": acme])
            let database = try #require(world.driver as? AwayDriver)
            let id = try await world.post()
            #expect(try await scene.worker.work() == 1)
            let running = Task { await scene.worker.run() }
            await acme.started()
            database.go()
            try await body(database, try #require(acme.reporting), running, scene, id)
            running.cancel()
            await running.value
        }
    }

    @Test(
        "A report outlasts the database's absence, and whoever gave it is told only then that it was taken",
        arguments: StoreKind.allCases)
    func reportWhileAway(kind: StoreKind) async throws {
        try await self.whileAway(kind) { database, report, _, scene, id in
            let isTaken = Mutex(false)
            async let reported: Void = {
                await report(DeliveryReport(reference: "m1", progress: .notRequested))
                isTaken.withLock { $0 = true }
                database.release()
            }()
            await database.refused(25)
            #expect(!isTaken.withLock { $0 })
            database.comeBack()
            await reported
            #expect(isTaken.withLock { $0 })
            let status = try await scene.world.status(id)
            #expect(status.state == .failed && status.progress == .notRequested)
        }
    }

    @Test("The end of the worker does not wait for a database that does not come back", arguments: StoreKind.allCases)
    func endWhileAway(kind: StoreKind) async throws {
        try await self.whileAway(kind) { database, report, running, scene, id in
            async let reported: Void = report(DeliveryReport(reference: "m1", progress: .delivered))
            await database.refused(25)
            running.cancel()
            await reported
            await running.value
            database.comeBack()
            let state = try await scene.state(id)
            #expect(state == .sent, "given up")
        }
    }

    @Test("No more under way at once than the provider takes; the end waits for them", arguments: StoreKind.allCases)
    func window(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], window: 3)
            let gate = acme.close()
            for _ in 1...10 { try await world.post() }
            let running = Task { await scene.worker.run() }
            await acme.arrived(3)
            #expect(
                try await world.dump()["outbox"].count { $0["state"] == .text("attempting") } == 3, "claims no more")
            running.cancel()
            gate.open()
            await running.value
            #expect(acme.mostUnderWay == 3 && acme.messages.count == 3)
            let states = try await world.dump()["outbox"].map { $0["state"] }
            #expect(states.count { $0 == .text("sent") } == 3 && states.count { $0 == .text("waiting") } == 7)
        }
    }

    @Test("A narrower provider that stands in gets as many as it takes; the others wait", arguments: StoreKind.allCases)
    func narrow(kind: StoreKind) async throws {
        let (wide, narrow) = (ScriptedChannel(otherwise: OutboxWorkerTests.down), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(
                world, ["wide": wide, "narrow": narrow], windows: ["narrow": 1], patience: .zero)
            let gate = narrow.close()
            for _ in 1...5 { try await world.post() }
            async let count = scene.worker.work()
            await narrow.arrived(1)
            gate.open()
            #expect(try await count >= 10)
            #expect(narrow.mostUnderWay == 1)
            world.clock.advance(.seconds(20))
            for _ in 1...10 {
                _ = try await scene.worker.work()
                world.clock.advance(.seconds(20))
            }
            #expect(Set(narrow.messages.map(\.id)).count == 5 && narrow.messages.count == 5 && narrow.mostUnderWay == 1)
        }
    }

    @Test("No code and no number in the log", arguments: StoreKind.allCases)
    func log(kind: StoreKind) async throws {
        let lines = LogLines()
        let acme = ScriptedChannel(OutboxWorkerTests.down, OutboxWorkerTests.lost)
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], logger: lines.logger)
            try await world.post(to: "+85259876543", code: "7392641")
            for _ in 1...3 {
                _ = try await scene.worker.work()
                world.clock.advance(.seconds(5))
            }
            let text = lines.all.joined(separator: "\n")
            #expect(text.contains("postponed") && text.contains("unanswered") && text.contains("accepted"))
            #expect(!text.contains("59876543") && !text.contains("7392641"))
        }
    }
}

/// Keeps what is logged.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { self.lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
