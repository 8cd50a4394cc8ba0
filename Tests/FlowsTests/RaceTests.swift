import Flows
import Identifiers
import Login
import SQL
import TestWorld
import Testing

/// Real tasks on the real databases.
@Suite("At once")
struct RaceTests {
    @Test("One right response, sent 50 times at once, is taken once", arguments: StoreKind.allCases)
    func oneResponse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            let response = try Firm.alice.response(to: challenge)
            let views = try await atOnce(50) { _ in try await world.respond(ticket, response) }
            #expect(views.count { $0.isGranted && $0.notice == nil } == 1)
            #expect(views.count { $0.notice == .movedOn } == 49)
            let trail = try await world.audit(of: ticket.id)
            #expect(trail.count { $0 == "login.granted success" } == 1)
            #expect(trail.count { $0.hasPrefix("response.checked") } == 1)
        }
    }

    @Test("At the factor check too, and one statement is made", arguments: StoreKind.allCases)
    func oneStatement(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let backend = try await world.application("backend")
            let (ticket, challenge) = try await world.factorChecked("alice", by: backend)
            let response = try Firm.alice.response(to: challenge)
            let answers = try await atOnce(50) { _ in
                try await world.factorCheck.respond(to: ticket, with: response, of: backend, origin: World.origin)
            }
            #expect(answers.count { $0.statement != nil } == 1)
            #expect(answers.count { $0.granted != nil } == 1)
        }
    }

    @Test("500 wrong guesses over 50 logins of one user: 5 are compared", arguments: StoreKind.allCases)
    func guesses(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let logins = try await oneByOne(50) { _ in try await world.challenged() }
            let views = try await atOnce(500) { number in
                let (ticket, challenge) = logins[number % 50]
                return try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            }
            #expect(views.count { $0.wrong != nil && $0.notice == nil } == 4)
            let failures = try await world.dump()
            let counts = failures["authenticator"].compactMap { $0["failures"] }
            #expect(counts.filter { $0 != .integer(0) } == [.integer(5)])
            #expect(failures["app_user"].compactMap { $0["failures"] }.filter { $0 != .integer(0) } == [.integer(5)])
            #expect(try await world.audit().count { $0.hasPrefix("response.checked") } == 4)
        }
    }

    @Test("Wrong guesses at both cards of one user share the count", arguments: StoreKind.allCases)
    func bothCards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let logins = try await oneByOne(20) { try await world.challenged(bobsCard: $0 % 2) }
            let views = try await atOnce(100) { number in
                let (ticket, challenge) = logins[number % 20]
                return try await world.respond(ticket, try Firm.bob[number % 2].wrongResponse(to: challenge))
            }
            #expect(views.count { $0.wrong != nil && $0.notice == nil } == 4)
            let counts = try await world.dump()["app_user"].compactMap { $0["failures"] }
            #expect(counts.filter { $0 != .integer(0) } == [.integer(5)])
        }
    }

    @Test("A right response among wrong ones clears only what was counted before it", arguments: StoreKind.allCases)
    func mixed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let logins = try await atOnce(10) { _ in try await world.challenged() }
            let views = try await atOnce(10) { number in
                let (ticket, challenge) = logins[number]
                let typed =
                    number == 0 ? try Firm.alice.response(to: challenge) : try Firm.alice.wrongResponse(to: challenge)
                return (number, try await world.respond(ticket, typed))
            }
            let right = views.first { $0.0 == 0 }?.1
            #expect(right?.isGranted == true || right?.blocked != nil, "granted, or blocked before it came")
            #expect(views.count { $0.0 > 0 && $0.1.isGranted } == 0)
        }
    }

    @Test("Different users at once do not wait for each other for ever", arguments: StoreKind.allCases)
    func manyUsers(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            // Tries are counted before they are compared, so of one user no more than 10 can be on their way.
            let finished = try await atOnce(18) { number in
                switch number % 2 {
                case 0: try await world.logIn()
                default: try await world.logIn("dave", card: Firm.dave)
                }
            }
            #expect(Set(finished.map(\.session.hash)).count == 18)
        }
    }
}
