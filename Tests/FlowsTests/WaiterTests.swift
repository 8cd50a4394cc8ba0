import Authenticators
import Channels
import Flows
import Login
import Outbox
import TestWorld
import Testing
import Time

@Suite("Waiting for a login to move on")
struct WaiterTests {
    @Test("A step on one node wakes who waits on another, without asking the store", arguments: StoreKind.allCases)
    func otherNode(kind: StoreKind) async throws {
        let watch = Watch()
        try await World.with(kind, wrap: watch.wrap) { world in
            let waiters = LoginWaiters(driver: world.driver)
            let (ticket, challenge) = try await world.challenged()
            if kind == .sqlite { return try await self.wakes(waiters, world, world, ticket, challenge, watch) }
            try await closing(try world.place.driver()) { driver in
                try await self.wakes(waiters, world, try await world.node(driver), ticket, challenge, watch)
            }
        }
    }

    private func wakes(
        _ waiters: LoginWaiters, _ world: World, _ node: World, _ ticket: LoginTicket, _ challenge: String,
        _ watch: Watch
    ) async throws {
        // When its connection comes up the listener wakes everybody once; after another login's step that has been.
        let (other, digits) = try await world.challenged("dave")
        let first = waiters.changes(of: other.id)
        _ = try await node.respond(other, try Firm.dave.wrongResponse(to: digits))
        await first.next(atMost: .minutes(10))
        let changes = waiters.changes(of: ticket.id)
        let response = try Firm.alice.response(to: challenge)
        _ = watch.take()
        async let step = node.respond(ticket, response)
        await changes.next(atMost: .minutes(10))
        _ = try await step
        if world.place.kind == .postgres { #expect(watch.take().isEmpty, "who waits does not poll") }
        #expect(try await world.login.view(ticket).isGranted)
    }

    @Test(
        "What becomes of a code's message wakes who waits for it, once there is something to see",
        arguments: StoreKind.allCases)
    func message(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let waiters = LoginWaiters(driver: world.driver)
            let ticket = try await world.start()
            let view = try await world.submit(ticket, "carol")
            let code = try #require(view.state.code)
            let flow = try world.outbox("acme")
            var changes = waiters.changes(of: ticket.id, and: code.id)
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            async let taken = flow.finish(claimed, with: .accepted(reference: "r1"))
            await changes.next(atMost: .minutes(10))
            #expect(try await taken == .sent)
            #expect(try await world.login.view(ticket).delivery?.state == .sent)
            changes = waiters.changes(of: ticket.id, and: code.id)
            async let report = flow.report(DeliveryReport(reference: "r1", progress: .buffered), by: "acme")
            await changes.next(atMost: .minutes(10))
            _ = try await report
            #expect(try await world.login.view(ticket).delivery?.progress == .buffered)
            // The login itself wakes too.
            changes = waiters.changes(of: ticket.id, and: code.id)
            async let cancelled = world.login.cancel(ticket, origin: World.origin)
            await changes.next(atMost: .minutes(10))
            #expect(try await cancelled.refusal == .cancelled)
        }
    }

    @Test("Time is up when nothing happens", arguments: StoreKind.allCases)
    func timeIsUp(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let waiters = LoginWaiters(driver: world.driver)
            let (ticket, _) = try await world.challenged()
            await waiters.changes(of: ticket.id).next(atMost: .milliseconds(1))
        }
    }
}
