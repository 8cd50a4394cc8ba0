import Synchronization
import TestWorld
import Testing
import Time

@testable import Flows

@Suite("When the answer to a password leaves")
struct AnswerPaceTests {
    @Test(
        "What is missing to the next whole step of 50 ms",
        arguments: [
            (.zero, 50), (.microseconds(900), 50), (.milliseconds(1), 49), (.microseconds(49_900), 1),
            (.milliseconds(50), 50), (.milliseconds(51), 49), (.milliseconds(120), 30), (.seconds(3), 50),
        ] as [(Duration, Int64)])
    func rest(elapsed: Duration, missing: Int64) {
        let pace = AnswerPace(step: .milliseconds(50)) { _ in }
        #expect(pace.rest(after: elapsed) == .milliseconds(missing))
    }

    @Test("Work that fails is held as long")
    func failure() async {
        let pauses = Pauses()
        await #expect(throws: Missing.self) {
            try await pauses.pace.hold { throw Missing(what: "nothing") }
        }
        #expect(pauses.taken == 1)
    }

    @Test("Every answer is held once: right, wrong, for nobody, while locked", arguments: StoreKind.allCases)
    func submit(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...10 { _ = try await world.submit(try await world.start(), "bob", "wrong password") }
            let pauses = Pauses()
            let paced = try World(world.place, world.store, clock: world.clock, pace: pauses.pace)
            for (name, password) in [
                ("alice", Firm.password), ("alice", "wrong password"), ("nobody", "wrong password"),
                ("bob", Firm.password), ("bob", "wrong password"),
            ] {
                let ticket = try await paced.start()
                #expect(pauses.taken == 0, "a page is not held")
                _ = try await paced.submit(ticket, name, password)
                #expect(pauses.taken == 1, "\(name)")
            }
        }
    }
}

/// Counts the pauses instead of taking them.
private final class Pauses: Sendable {
    private let lengths = Mutex([Span]())

    var pace: AnswerPace { AnswerPace(step: .seconds(60)) { span in self.lengths.withLock { $0.append(span) } } }

    /// How many since it was asked last; each is up to a whole step.
    var taken: Int {
        self.lengths.withLock { lengths in
            defer { lengths = [] }
            return lengths.count { $0.milliseconds > 0 && $0 <= .seconds(60) }
        }
    }
}
