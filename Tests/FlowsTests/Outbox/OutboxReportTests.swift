import Channels
import Flows
import Identifiers
import Login
import Outbox
import SQL
import Storage
import Synchronization
import TestWorld
import Testing
import Time

@Suite("Reports find their messages")
struct OutboxReportTests {
    /// A message that acme has under a name.
    private static func sent(_ world: World, _ flow: OutboxFlow, _ name: String?) async throws -> DeliveryID {
        let id = try await world.post()
        let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
        #expect(try await flow.finish(claimed, with: .accepted(reference: name)) == .sent)
        return id
    }

    private static func report(_ name: String, _ progress: DeliveryProgress) -> DeliveryReport {
        DeliveryReport(reference: name, progress: progress, detail: "stat:X err:027")
    }

    @Test("In order, late, twice", arguments: StoreKind.allCases)
    func usual(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            let id = try await Self.sent(world, flow, "r1")
            #expect(try await flow.report(Self.report("r1", .buffered), by: "acme") == .taken)
            #expect(try await world.status(id).state == .sent)
            world.clock.advance(.hours(20))
            for _ in 1...2 {
                #expect(try await flow.report(Self.report("r1", .delivered), by: "acme") == .taken)
                #expect(try await world.status(id).state == .delivered)
            }
            #expect(try await flow.report(Self.report("r1", .undeliverable), by: "acme") == .taken)
            let status = try await world.status(id)
            #expect(status.state == .delivered && status.progress == .delivered)
            #expect(status.detail == "stat:X err:027")
            let audit = try await world.audit().filter { $0.hasPrefix("message") }.sorted()
            #expect(audit == ["message.sent information contradicted", "message.sent success"])
        }
    }

    @Test(
        "Before the answer is saved: kept, and found by it, in the order in which they came",
        arguments: StoreKind.allCases)
    func early(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            let id = try await world.post()
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            for progress in [DeliveryProgress.buffered, .undeliverable, .delivered] {
                #expect(try await flow.report(Self.report("r1", progress), by: "acme") == .kept)
            }
            #expect(try await flow.finish(claimed, with: .accepted(reference: "r1")) == .delivered)
            #expect(try await world.status(id).detail == "stat:X err:027")
            #expect(try await flow.report(Self.report("r1", .delivered), by: "acme") == .taken)
        }
    }

    @Test("At the very moment in which the answer is saved: never lost", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            for _ in 1...40 { try await world.post() }
            let claimed = try await flow.claim(by: .text, most: 40, for: flow.newWorker()).messages
            _ = try await atOnce(80) { number in
                let message = claimed[number / 2]
                let name = "r\(number / 2)"
                if (number + number / 2).isMultiple(of: 2) {
                    _ = try await flow.finish(message, with: .accepted(reference: name))
                } else {
                    _ = try await flow.report(Self.report(name, .delivered), by: "acme")
                }
            }
            for message in claimed { #expect(try await world.status(message.id).state == .delivered) }
        }
    }

    @Test("Of another provider, of nobody, or no name at all: nothing changes", arguments: StoreKind.allCases)
    func strangers(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme", "other")
            let id = try await Self.sent(world, flow, "r1")
            let before = try await world.dump().without("delivery_reference")
            #expect(try await flow.report(Self.report("r1", .delivered), by: "other") == .kept)
            #expect(try await flow.report(Self.report("r2", .delivered), by: "acme") == .kept)
            for name in ["", "a\u{0}b", "a\nb", "é", String(repeating: "x", count: 201)] {
                #expect(try await flow.report(Self.report(name, .delivered), by: "acme") == .refused, "\(name)")
            }
            #expect(try await world.dump().without("delivery_reference") == before)
            #expect(try await world.status(id).state == .sent)
        }
    }

    @Test("Whoever reports one unknown name without end fills nothing", arguments: StoreKind.allCases)
    func flood(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            for _ in 1...100 { _ = try await flow.report(Self.report("r9", .buffered), by: "acme") }
            let row = try #require(try await world.dump()["delivery_reference"].first)
            guard case .text(let kept)? = row["reports"] else { throw Missing(what: "reports") }
            #expect((1_000...2_200).contains(kept.utf8.count))
        }
    }

    @Test("A name that comes again means the newest message", arguments: StoreKind.allCases)
    func reused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            let old = try await Self.sent(world, flow, "r1")
            let new = try await Self.sent(world, flow, "r1")
            _ = try await flow.report(Self.report("r1", .delivered), by: "acme")
            #expect(try await world.status(old).state == .sent)
            #expect(try await world.status(new).state == .delivered)
        }
    }

    @Test("Not asked for: the login is refused in the same step, once", arguments: StoreKind.allCases, [false, true])
    func disowned(kind: StoreKind, isEarly: Bool) async throws {
        try await World.with(kind) { world in
            let login = try await world.start().id
            let flow = try world.outbox("line") { store, message, _ in
                guard let stored = try message.login.flatMap({ try store.logins.lock($0) }) else { return }
                var refused = stored.login
                _ = try refused.handle(.cancelled, at: stored.created)
                try store.logins.save(refused, over: stored)
            }
            let id = try await world.post(of: login)
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            let report = Self.report("r1", .notRequested)
            if isEarly { _ = try await flow.report(report, by: "line") }
            _ = try await flow.finish(claimed, with: .accepted(reference: "r1"))
            for _ in 1...2 { _ = try await flow.report(report, by: "line") }
            let status = try await world.status(id)
            #expect(status.state == .failed && status.progress == .notRequested)
            let stored = try await world.store.read { try $0.logins.find(login) }
            #expect(stored?.login.state == .refused(.cancelled))
            #expect(try await world.audit(of: login).filter { $0 == "message.disowned failure" }.count == 1)
        }
    }

    @Test("A control character in a provider's words does no harm", arguments: StoreKind.allCases)
    func detail(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme")
            let id = try await Self.sent(world, flow, "r1")
            let report = DeliveryReport(reference: "r1", progress: .undeliverable, detail: "err\u{0}:\n027")
            _ = try await flow.report(report, by: "acme")
            #expect(try await world.status(id).detail == "err:027")
            let second = try await world.post()
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            _ = try await flow.finish(claimed, with: .refused(DeliveryFault(.invalidRecipient, "no\u{0}\u{1B}[31m")))
            #expect(try await world.status(second).detail == "no[31m")
        }
    }
}
