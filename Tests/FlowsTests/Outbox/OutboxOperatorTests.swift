import Channels
import Flows
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("What the operator sees of the outbox")
struct OutboxOperatorTests {
    @Test("What was sent, through whom, how fast, and for how much", arguments: StoreKind.allCases)
    func statistics(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme", "other")
            let start = world.clock.now()
            for number in 1...3 {
                try await world.post()
                world.clock.advance(.milliseconds(Int64(number) * 10))
                let claimed = try #require(
                    try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
                _ = try await flow.finish(claimed, with: .accepted(reference: "r\(number)"))
            }
            world.clock.advance(.seconds(2))
            for (name, progress) in [("r1", DeliveryProgress.delivered), ("r2", .undeliverable)] {
                try await flow.report(DeliveryReport(reference: name, progress: progress), by: "acme")
            }
            try await world.post()
            let all = try await flow.statistics(since: start, until: world.clock.now() + .seconds(1))
            #expect(all.total.messages == 4 && all.total.waiting == 1 && all.total.cost == 120_000)
            #expect(all.byProvider.map(\.provider) == ["acme", nil], "the most first")
            #expect(all.byProvider[1].figures.timeToHandOver == nil && all.byProvider[1].figures.waiting == 1)
            let acme = all.byProvider[0].figures
            #expect((acme.messages, acme[.sent], acme[.delivered], acme[.failed]) == (3, 1, 1, 1))
            #expect(acme.cost == 120_000 && acme.withoutPrice == 0)
            #expect(acme.timeToHandOver?.median == .milliseconds(20))
            #expect(acme.timeToHandOver?.percentile95 == .milliseconds(30))
            #expect(acme.timeToArrival?.median == .milliseconds(10 + 20 + 30 + 2_000))
            #expect(all.byRegion.map(\.region) == ["HK"] && all.byRegion[0].figures == all.total)
            #expect(all.byPrefix.map(\.prefix) == ["+8525"] && all.byPrefix[0].channel == .text)
            #expect(try await flow.statistics(since: start + .hours(1), until: world.clock.now()).total.messages == 0)
        }
    }

    @Test("Ways apart, and what has no price is said", arguments: StoreKind.allCases)
    func partings(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = OutboxFlow(
                environment: world.environment,
                routes: try DeliveryRoutes([DeliveryProvider(name: "free", channel: .voice)]))
            try await world.post(by: .text)
            try await world.post(by: .voice)
            try await world.post(to: "a@example.com", by: .mail, destination: nil)
            let call = try #require(try await flow.claim(by: .voice, most: 1, for: flow.newWorker()).messages.first)
            _ = try await flow.finish(call, with: .accepted(reference: nil))
            let all = try await flow.statistics(since: world.clock.now(), until: world.clock.now() + .seconds(1))
            #expect(all.total.messages == 3 && all.total.withoutPrice == 1 && all.total.cost == 0)
            let regions = Set(all.byRegion.map { "\($0.channel) \($0.region ?? "-")" })
            #expect(regions == ["text HK", "voice HK", "mail -"])
            #expect(Set(all.byPrefix.map(\.channel)) == [.text, .voice], "mail has no block of numbers")
        }
    }

    @Test("A test goes through the provider that was named, and is followed", arguments: StoreKind.allCases)
    func test(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme", "other")
            let action = try await world.action()
            let message = TestMessage(
                to: World.phone, destination: World.hongKong, by: .text, language: "en", through: "other")
            let id = try await flow.send(message, by: action, origin: World.origin)
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            #expect(claimed.provider == "other" && claimed.template == .test && claimed.body.code == nil)
            world.clock.advance(.milliseconds(1))
            _ = try await flow.finish(claimed, with: .refused(DeliveryFault(.account, "no credit")))
            #expect(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.isEmpty)
            let status = try #require(try await flow.status(of: id))
            #expect(status.state == .failed && status.fault == .account && status.detail == "no credit")
            #expect(
                try await world.audit().filter { $0.hasPrefix("message") }.sorted() == [
                    "message.sent failure undelivered", "message.tested success",
                ])
        }
    }

    @Test("A test to where nobody goes, or through nobody, is refused")
    func refused() async throws {
        try await World.with(.sqlite) { world in
            let flow = try world.outbox("acme")
            let action = try await world.action()
            let call = TestMessage(to: World.phone, destination: World.hongKong, by: .voice, language: "en")
            await #expect(throws: OutboxError.noWayThere) {
                try await flow.send(call, by: action, origin: World.origin)
            }
            let nobody = TestMessage(
                to: World.phone, destination: World.hongKong, by: .text, language: "en", through: "nobody")
            await #expect(throws: OutboxError.noSuchProvider) {
                try await flow.send(nobody, by: action, origin: World.origin)
            }
        }
    }

    @Test("What nobody works is ended, and what is old is forgotten", arguments: StoreKind.allCases)
    func janitor(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            let (waiting, called) = (try await world.post(), try await world.post(by: .voice))
            let sent = try await world.post()
            _ = try await flow.report(DeliveryReport(reference: "unknown", progress: .delivered), by: "acme")
            let claimed = try await flow.claim(by: .text, most: 9, for: flow.newWorker()).messages
            let mine = try #require(claimed.first { $0.id == sent })
            _ = try await flow.finish(mine, with: .accepted(reference: "r1"))
            let janitor = Janitor(environment: world.environment)
            world.clock.advance(.minutes(19))
            _ = try await janitor.clean()
            #expect(try await world.status(called).state == .waiting, "a worker may still say so")
            world.clock.advance(.minutes(1))
            _ = try await janitor.clean()
            for id in [waiting, called] { #expect(try await world.status(id).state == .expired) }
            #expect(try await world.messages().isEmpty)
            world.clock.advance(.hours(25))
            _ = try await janitor.clean()
            #expect(try await world.dump()["delivery_reference"].count == 1, "the one that names a message")
            world.clock.advance(.days(88))
            _ = try await janitor.clean()
            #expect(try await world.status(sent).state == .sent)
            world.clock.advance(.days(2))
            _ = try await janitor.clean()
            let dump = try await world.dump()
            #expect(dump["outbox"].isEmpty && dump["delivery_reference"].isEmpty)
        }
    }
}
