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

@Suite("The outbox is worked")
struct OutboxWorkerTests {
    static let down = HandOver.postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil)
    static let lost = HandOver.unanswered(DeliveryFault(.timedOut, "no answer"))

    @Test("Taken, with the words that the user reads", arguments: StoreKind.allCases)
    func taken(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            #expect(try await scene.worker.work() == 0)
            let id = try await scene.world.post()
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.state(id) == .sent)
            let message = try #require(acme.messages.first)
            #expect(message.recipient == World.phone && message.language == "en" && message.id == id)
            #expect(message.expires == scene.world.clock.now() + .minutes(10))
            #expect(
                acme.texts == [
                    "Harbour: 482915 is your code to log in to Client Portal. Never give it to anyone, not even to us."
                        + "\n\n@login.example #482915"
                ])
            #expect(try await scene.worker.work() == 0)
            #expect(try await scene.world.status(id).provider == "acme")
        }
    }

    @Test("It costs the provider's price for each part", arguments: StoreKind.allCases)
    func cost(kind: StoreKind) async throws {
        try await OutboxScene.with(kind, ["acme": ScriptedChannel(parts: 3)]) { scene in
            try await scene.world.post()
            #expect(try await scene.worker.work() == 1)
            let now = scene.world.clock.now()
            let figures = try await scene.flow.statistics(since: now, until: now + .seconds(1)).total
            #expect(figures.cost == 3 * 40_000 && figures.withoutPrice == 0)
        }
    }

    @Test("A dead provider: the next one, at once", arguments: StoreKind.allCases)
    func failOver(kind: StoreKind) async throws {
        let (dead, alive) = (ScriptedChannel(otherwise: Self.down), ScriptedChannel())
        try await OutboxScene.with(kind, ["dead": dead, "alive": alive]) { scene in
            for _ in 1...5 {
                let id = try await scene.world.post()
                _ = try await scene.worker.work()
                #expect(try await scene.state(id) == .sent)
            }
            #expect(alive.messages.count == 5)
            #expect(dead.messages.count == 3, "after three faults in a row it is asked last")
            scene.world.clock.advance(.seconds(5))
            try await scene.world.post()
            _ = try await scene.worker.work()
            #expect(dead.messages.count == 4, "after a rest it is asked first again")
        }
    }

    @Test("All dead: again after growing pauses, until its time is up", arguments: StoreKind.allCases)
    func allDead(kind: StoreKind) async throws {
        let (first, second) = (ScriptedChannel(otherwise: Self.down), ScriptedChannel(otherwise: Self.down))
        try await OutboxScene.with(kind, ["first": first, "second": second]) { scene in
            let id = try await scene.world.post(life: .seconds(30))
            for pause in [1, 2, 5, 10] as [Int64] {
                #expect(try await scene.worker.work() == 2)
                scene.world.clock.advance(.milliseconds(pause * 1000 - 1))
                #expect(try await scene.worker.work() == 0, "\(pause) s have not passed")
                scene.world.clock.advance(.milliseconds(1))
            }
            #expect(try await scene.worker.work() == 2)
            scene.world.clock.advance(.seconds(12))
            #expect(try await scene.worker.work() == 0)
            let status = try await scene.world.status(id)
            #expect(status.state == .expired && status.fault == .unreachable)
            #expect(Set(first.texts + second.texts).count == 1, "a retry is the same message")
        }
    }

    @Test(
        "A hundred wait for a dead provider: it is tried now and then, and all go once it is back",
        arguments: StoreKind.allCases)
    func manyWait(kind: StoreKind) async throws {
        let acme = ScriptedChannel(otherwise: Self.down)
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            for _ in 1...100 { try await scene.world.post() }
            #expect(try await scene.worker.work() <= 52, "what was under way together, and then only some")
            for _ in 1...10 {
                scene.world.clock.advance(.milliseconds(999))
                #expect(try await scene.worker.work() <= 2)
                #expect(try await scene.worker.work() == 0, "not twice within a second")
                scene.world.clock.advance(.milliseconds(1))
            }
            acme.answerAll(.accepted(reference: nil))
            scene.world.clock.advance(.seconds(20))
            #expect(try await scene.worker.work() > 10, "the first that is taken opens the way")
            scene.world.clock.advance(.seconds(20))
            _ = try await scene.worker.work()
            let states = try await scene.world.dump()["outbox"].map { $0["state"] }
            #expect(states.count == 100 && states.allSatisfy { $0 == .text("sent") })
        }
    }

    @Test("Throttled: later, as it says", arguments: StoreKind.allCases)
    func throttled(kind: StoreKind) async throws {
        let acme = ScriptedChannel(.postponed(DeliveryFault(.throttled, "ESME_RTHROTTLED"), retryAfter: .seconds(4)))
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let id = try await scene.world.post()
            #expect(try await scene.worker.work() == 1)
            scene.world.clock.advance(.milliseconds(3_999))
            #expect(try await scene.worker.work() == 0)
            scene.world.clock.advance(.milliseconds(1))
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.state(id) == .sent)
        }
    }

    @Test(
        "What becomes of each answer", arguments: StoreKind.allCases,
        [
            (.refused(DeliveryFault(.invalidRecipient, "")), .failed, 0),
            (.refused(DeliveryFault(.account, "")), .sent, 1), (down, .sent, 1), (lost, .sent, 1),
            (.postponed(DeliveryFault(.malformedAnswer, "<html>"), retryAfter: nil), .sent, 1),
            (.accepted(reference: nil), .sent, 0), (.accepted(reference: "a\u{0}"), .sent, 0),
            (.refused(DeliveryFault(.expired, "")), .expired, 0),
        ] as [(HandOver, MessageState, Int)])
    func answers(kind: StoreKind, row: (answer: HandOver, state: MessageState, others: Int)) async throws {
        let (first, second) = (ScriptedChannel(row.answer), ScriptedChannel())
        try await OutboxScene.with(kind, ["first": first, "second": second]) { scene in
            let id = try await scene.world.post()
            _ = try await scene.worker.work()
            #expect(try await scene.state(id) == row.state, "\(row.answer)")
            #expect(second.messages.count == row.others)
        }
    }

    @Test("Two lost answers, and it is not tried again", arguments: StoreKind.allCases)
    func lostTwice(kind: StoreKind) async throws {
        let acme = ScriptedChannel(Self.lost, Self.lost)
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let id = try await scene.world.post()
            for _ in 1...5 {
                _ = try await scene.worker.work()
                scene.world.clock.advance(.seconds(20))
            }
            #expect(acme.messages.count == 2 && Set(acme.texts).count == 1)
            let status = try await scene.world.status(id)
            #expect(status.state == .failed && status.progress == .unknown)
        }
    }

    @Test("A message for which there are no words fails, and nothing goes out", arguments: StoreKind.allCases)
    func wordless(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let now = scene.world.clock.now()
            let message = OutboxMessage(
                id: DeliveryID(at: now, random: [UInt8](repeating: 1, count: 10)), user: nil, channel: .text,
                template: .loginCode, destination: World.hongKong,
                body: MessageBody(recipient: World.phone, language: "en"), created: now, expires: now + .minutes(1))
            try await scene.world.store.write { try $0.outbox.add(message) }
            _ = try await scene.worker.work()
            let status = try await scene.world.status(message.id)
            #expect(status.state == .failed && status.fault == .rejectedContent && acme.messages.isEmpty)
        }
    }

    @Test("Five hundred at once by two nodes: each goes once", arguments: StoreKind.allCases)
    func many(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await OutboxScene.with(kind, ["acme": acme]) { scene in
            let now = scene.world.clock.now()
            let messages = (0..<500).map { number in
                var body = MessageBody(recipient: "+8525\(1_000_000 + number)", language: "en")
                body.code = "\(100_000 + number)"
                return OutboxMessage(
                    id: DeliveryID(at: now, random: RandomSource.system.bytes(10)), user: nil, channel: .text,
                    template: .numberCode, destination: World.hongKong, body: body, created: now,
                    expires: now + .minutes(5))
            }
            try await scene.world.store.write { store in for message in messages { try store.outbox.add(message) } }
            let other = try OutboxScene(scene.world, ["acme": acme])
            async let first = scene.worker.work()
            async let second = other.worker.work()
            let counts = try await [first, second]
            #expect(counts.reduce(0, +) == 500)
            #expect(Set(acme.messages.map(\.id)) == Set(messages.map(\.id)) && acme.messages.count == 500)
            #expect(Set(acme.messages.map(\.recipient)).count == 500)
            let states = try await scene.world.dump()["outbox"].map { $0["state"] }
            #expect(states.allSatisfy { $0 == .text("sent") } && states.count == 500)
        }
    }

    @Test("A plan with a provider to which there is no way is refused")
    func noChannel() async throws {
        try await World.with(.sqlite) { world in
            let flow = try world.outbox("acme", "missing")
            #expect(throws: OutboxWorkerError.noChannel("missing")) {
                try OutboxWorker(
                    flow: flow, providers: [OutboxProvider(name: "acme", channel: ScriptedChannel())],
                    words: try OutboxScene.words(), waker: OutboxWaker(driver: world.driver),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            }
        }
    }
}
