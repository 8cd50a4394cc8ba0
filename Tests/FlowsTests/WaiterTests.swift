import Flows
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

    @Test("Time is up when nothing happens", arguments: StoreKind.allCases)
    func timeIsUp(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let waiters = LoginWaiters(driver: world.driver)
            let (ticket, _) = try await world.challenged()
            await waiters.changes(of: ticket.id).next(atMost: .milliseconds(1))
        }
    }
}
