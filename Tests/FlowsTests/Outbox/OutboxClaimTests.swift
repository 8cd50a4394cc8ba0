import Channels
import Flows
import Identifiers
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Messages are claimed")
struct OutboxClaimTests {
    static let unreachable = HandOver.postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil)

    @Test("Of many workers at once each message goes to one", arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...40 { try await world.post() }
            let flow = try world.outbox("acme")
            let claimed = try await atOnce(8) { _ in
                let worker = flow.newWorker()
                var own: [DeliveryID] = []
                while true {
                    let messages = try await flow.claim(by: .text, most: 3, for: worker).messages
                    if messages.isEmpty { return own }
                    own += messages.map(\.id)
                }
            }
            #expect(claimed.joined().count == 40 && Set(claimed.joined()).count == 40)
        }
    }

    @Test(
        "The oldest first, no more than asked for, by one channel, and the next time is told",
        arguments: StoreKind.allCases)
    func order(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            var posted: [DeliveryID] = []
            for _ in 1...3 {
                posted.append(try await world.post())
                world.clock.advance(.milliseconds(5))
            }
            try await world.post(by: .voice)
            let flow = try world.outbox("acme")
            let first = try await flow.claim(by: .text, most: 2, for: flow.newWorker())
            #expect(first.messages.map(\.id) == Array(posted[..<2]) && first.next == world.clock.now())
            #expect(first.messages.allSatisfy { $0.provider == "acme" && $0.body.code == World.code })
            let second = try await flow.claim(by: .text, most: 2, for: flow.newWorker())
            #expect(second.messages.map(\.id) == [posted[2]])
            #expect(second.next == world.clock.now() + MessageTimes.lease(of: .text), "when a worker must have ended")
            #expect(try await flow.nextDue(by: .mail) == nil)
        }
    }

    @Test(
        "Killed while handing over: tried once more with the same code, and no third time",
        arguments: StoreKind.allCases)
    func killed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await world.post()
            let flow = try world.outbox("acme", "other")
            let dead = try #require(try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages.first)
            world.clock.advance(.milliseconds(MessageTimes.lease(of: .text).milliseconds - 1))
            #expect(try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages.isEmpty)
            world.clock.advance(.milliseconds(1))
            let again = try #require(try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages.first)
            #expect(again.provider == "other" && again.body == dead.body && again.id == id)
            #expect(try await flow.finish(dead, with: .accepted(reference: "r1")) == nil, "it is another's")
            world.clock.advance(MessageTimes.lease(of: .text))
            #expect(try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages.isEmpty)
            let status = try await world.status(id)
            #expect(status.state == .failed && status.progress == .unknown && status.fault == .timedOut)
            #expect(try await world.audit().contains("message.sent failure undelivered"))
        }
    }

    @Test(
        "A call is its worker's for as long as its hand-over may take: no second one is begun, and its answer counts",
        arguments: StoreKind.allCases)
    func slowCall(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await world.post(by: .voice)
            let routes = try DeliveryRoutes([DeliveryProvider(name: "calls", channel: .voice)])
            let flow = OutboxFlow(environment: world.environment, routes: routes)
            let call = try #require(try await flow.claim(by: .voice, most: 9, for: flow.newWorker()).messages.first)
            // A place, the SIM card, the voice and the line, the ringing.
            world.clock.advance(.seconds(10 + 5 + 20 + 10 + 15))
            #expect(try await flow.claim(by: .voice, most: 9, for: flow.newWorker()).messages.isEmpty)
            #expect(try await flow.finish(call, with: .accepted(reference: "r1")) == .sent)
            #expect(try await world.status(id).state == .sent)
        }
    }

    @Test("What nobody took in time is ended, and its code erased", arguments: StoreKind.allCases)
    func expired(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await world.post(life: .minutes(1))
            let flow = try world.outbox("acme")
            world.clock.advance(.minutes(1))
            let claimed = try await flow.claim(by: .text, most: 9, for: flow.newWorker())
            #expect(claimed.messages.isEmpty && claimed.next == nil)
            #expect(try await world.status(id).state == .expired)
            #expect(try await world.messages().isEmpty)
            #expect(try await world.audit().contains("message.sent failure expired"))
        }
    }

    @Test("A login that is over takes its messages back", arguments: StoreKind.allCases)
    func withdrawn(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let login = try await world.start().id
            let flow = try world.outbox("acme", "other")
            let underWay = try await world.post(of: login)
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            let waiting = try await world.post(of: login)
            let other = try await world.post()
            let now = world.clock.now()
            try await world.store.write { try $0.withdrawMessages(of: login, at: now) }
            #expect(try await world.status(waiting).state == .withdrawn)
            #expect(try await world.status(other).state == .waiting)
            #expect(try await flow.finish(claimed, with: Self.unreachable) == .withdrawn, "not tried again")
            #expect(try await world.status(underWay).state == .withdrawn)
            #expect(try await world.messages().count == 1)
        }
    }

    @Test(
        "A provider that is switched off gets nothing, on any node, until it is on again", arguments: StoreKind.allCases
    )
    func switchedOff(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme", "other")
            let action = try await world.action()
            try await flow.switch("acme", on: false, by: action, origin: World.origin)
            try await flow.switch("acme", on: false, by: action, origin: World.origin)
            #expect(try await flow.providers().map(\.isOn) == [false, true])
            try await world.post()
            let worker = flow.newWorker()
            #expect(try await flow.claim(by: .text, most: 9, for: worker).messages.map(\.provider) == ["other"])
            world.clock.advance(.milliseconds(1))
            try await flow.switch("other", on: false, by: action, origin: World.origin)
            let id = try await world.post()
            #expect(try await flow.claim(by: .text, most: 9, for: worker).messages.isEmpty)
            #expect(try await world.status(id).state == .waiting)
            try await flow.switch("acme", on: true, by: action, origin: World.origin)
            world.clock.advance(.seconds(1))
            #expect(try await flow.claim(by: .text, most: 9, for: worker).messages.map(\.provider) == ["acme"])
            #expect(
                try await world.audit().filter { $0.hasPrefix("provider") }.sorted() == [
                    "provider.resumed success", "provider.stopped success", "provider.stopped success",
                ], "what changed nothing is not told")
            await #expect(throws: OutboxError.noSuchProvider) {
                try await flow.switch("nobody", on: false, by: action, origin: World.origin)
            }
        }
    }

    @Test("A message that cannot be read fails, and holds up no other", arguments: StoreKind.allCases)
    func damaged(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let bad = try await world.post()
            try await world.execute("UPDATE outbox SET body = \([1, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 60))")
            world.clock.advance(.milliseconds(1))
            let good = try await world.post()
            let flow = try world.outbox("acme")
            #expect(try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages.map(\.id) == [good])
            #expect(try await world.status(bad).fault == .rejectedContent)
        }
    }

    @Test("A body is sealed for its own row, and no number and no code stands anywhere", arguments: StoreKind.allCases)
    func sealed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            try await world.post(to: "+85259876543", code: "7392641")
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            try await Self.expectNone(of: ["+85259876543", "59876543", "7392641"], in: world)
            #expect(!"\(claimed)".contains("7392641"), "what holds a code may be logged by mistake")
            _ = try await flow.finish(claimed, with: .accepted(reference: "r1"))
            try await Self.expectNone(of: ["+85259876543", "59876543", "7392641"], in: world)
            #expect(try await world.dump()["outbox"].allSatisfy { $0["body"] == .null }, "erased when it has gone")
        }
    }

    private static func expectNone(of secrets: [String], in world: World) async throws {
        for cell in try await world.dump().cells {
            let text = String(decoding: cell.bytes, as: UTF8.self)
            for secret in secrets { #expect(!text.contains(secret), "in \(cell.place)") }
        }
    }
}
