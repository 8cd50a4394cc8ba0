import Flows
import Login
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("Forgetting what has ended")
struct JanitorTests {
    @Test("Only what has ended long ago is removed", arguments: StoreKind.allCases)
    func clean(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let janitor = Janitor(environment: world.environment)
            let finished = try await world.logIn()
            let token = try #require(try await world.redeem(finished.code)).accessToken
            _ = try await world.submit(try await world.start(), "nobody", "wrong")
            let open = try await world.challenged("dave")
            let before = try await world.dump()
            #expect(try await janitor.clean() == 0)
            #expect(try await world.dump() == before, "all of it is still of use")
            world.clock.advance(.minutes(4))
            #expect(try await janitor.clean() == 0)
            #expect(try await world.authorization.userInformation(token) != nil)
            #expect(try await world.login.view(open.ticket).challenge != nil)

            world.clock.advance(.days(3))
            let kept = try await world.dump()
            #expect(try await janitor.clean() > 0)
            let after = try await world.dump()
            for table in ["login", "authorization_code", "access_token", "source_count"] {
                #expect(after[table].isEmpty, "\(table)")
            }
            #expect(after["session"].allSatisfy { $0["ended_at"] != SQLValue.null })
            let gone = ["login", "authorization_code", "access_token", "source_count", "session", "audit_entry"]
            for (table, rows) in kept.tables where !gone.contains(table) {
                #expect(after[table] == rows, "\(table)")
            }
            #expect(try await janitor.clean() == 0)
        }
    }

    @Test(
        "A code stays while its session is open: the end of that is told to whoever got one",
        arguments: StoreKind.allCases)
    func codes(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            _ = try await world.redeem(finished.code)
            let janitor = Janitor(
                environment: world.environment, sessions: SessionLimits(inAll: .days(9), idle: .days(9)))
            world.clock.advance(.days(3))
            _ = try await janitor.clean()
            #expect(try await world.dump()["authorization_code"].count == 1)
            try await world.authorization.logOut(finished.session, origin: World.origin)
            _ = try await janitor.clean()
            #expect(try await world.dump()["authorization_code"].isEmpty)
        }
    }

    @Test("The codes of a login that timed out are erased by themselves", arguments: StoreKind.allCases)
    func loginCodes(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            _ = try await world.submit(try await world.start(), "carol")
            let janitor = Janitor(environment: world.environment)
            world.clock.advance(Login.lifetime)
            #expect(try await janitor.eraseCodes() == 0)
            world.clock.advance(.milliseconds(1))
            #expect(try await janitor.eraseCodes() == 1)
            #expect(try await world.dump()["login_code"].isEmpty)
            #expect(try await world.dump()["login"].count == 1)
        }
    }

    @Test("A lock outlives the cleaning", arguments: StoreKind.allCases)
    func lock(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...10 { _ = try await world.submit(try await world.start(), "alice", "wrong") }
            world.clock.advance(.hours(23))
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await world.submit(try await world.start()).notice == .wrongCredentials)
        }
    }

    @Test("Names that nobody has are forgotten after 30 days", arguments: StoreKind.allCases)
    func strangers(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await world.submit(try await world.start(), "nobody", "wrong")
            world.clock.advance(.days(31))
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await world.dump()["password_throttle"].isEmpty)
        }
    }
}
