import Flows
import Login
import SQL
import TestWorld
import Testing
import Time

/// Before the password is right, nothing tells whether the user exists.
@Suite("A wrong password")
struct WrongPasswordTests {
    @Test("Every wrong answer looks the same, and is the same work", arguments: StoreKind.allCases)
    func same(kind: StoreKind) async throws {
        let watched = Watch()
        try await World.with(kind, wrap: watched.wrap) { world in
            try await world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'dave'")
            for _ in 1...10 { _ = try await world.submit(try await world.start(), "bob", "wrong password") }
            var calls: [String: [WatchedDriver.Call]] = [:]
            for (what, name, password) in [
                ("nobody", "nobody", "wrong password"), ("wrong", "alice", "wrong password"),
                ("locked", "bob", "wrong password"), ("locked, right", "bob", Firm.password),
                ("disabled", "dave", "wrong password"), ("disabled, right", "dave", Firm.password),
                ("no card", "carol", "wrong password"),
            ] {
                let ticket = try await world.start()
                _ = watched.take()
                let view = try await world.submit(ticket, name, password)
                calls[what] = watched.take()
                #expect(view.notice == .wrongCredentials, "\(what)")
                #expect(view.state == .awaitingPassword, "\(what)")
                #expect(try await world.login.view(ticket).state == .awaitingPassword, "\(what)")
            }
            // Every name is looked up once; only a name that somebody has can have its hash looked up.
            let known = try #require(calls["wrong"])
            #expect(known.count > 5)
            for (what, made) in calls where what != "nobody" { #expect(made == known, "\(what)") }
            #expect(calls["nobody"] == known, "one statement more or less is some microseconds that can be measured")
        }
    }

    /// Argon2 is all that takes time here, so its calls are counted by the queue that runs them.
    @Test("One computation, whatever is wrong", arguments: StoreKind.allCases)
    func oneComputation(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'dave'")
            for _ in 1...10 { _ = try await world.submit(try await world.start(), "bob", "wrong password") }
            for (name, password) in [
                ("nobody", "x"), ("alice", "x"), ("bob", Firm.password), ("dave", Firm.password), ("dave", "x"),
            ] {
                let queue = PasswordQueue(width: 1, capacity: 0)
                let node = try World(world.place, world.store, clock: world.clock, queue: queue)
                let ticket = try await world.start()
                // With the one place taken and no room to wait, a computation is refused and thereby seen.
                let gate = Gate()
                async let holding: Void = queue.run(for: "test") { gate.wait() }
                await gate.entered()
                await #expect(throws: FlowError.self, "\(name) asks for a computation") {
                    _ = try await node.submit(ticket, name, password)
                }
                gate.open()
                try await holding
                #expect(try await node.submit(ticket, name, password).notice == .wrongCredentials)
            }
        }
    }

    @Test("What cannot be a name or a password is neither compared nor counted", arguments: StoreKind.allCases)
    func malformed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.start()
            let before = try await world.dump()
            let long = String(repeating: "x", count: 1025)
            let cases: [(String, String, LoginNotice)] = [
                ("", "x", .userNameMissing), (" \t", "x", .userNameMissing), ("a\u{0}b", "x", .userNameMalformed),
                ("a\u{202E}b", "x", .userNameMalformed), (long, "x", .userNameMalformed),
                ("alice", "", .passwordMissing), ("alice", long, .passwordTooLong),
            ]
            for (name, password, notice) in cases {
                let view = try await world.submit(ticket, name, password)
                #expect(view.notice == notice)
                #expect(view.state == .awaitingPassword)
            }
            #expect(try await world.dump() == before)
        }
    }

    @Test("Names are compared without regard to case and width", arguments: StoreKind.allCases)
    func names(kind: StoreKind) async throws {
        try await World.with(kind) { world async throws in
            for name in ["ALICE", " alice ", "ａｌｉｃｅ"] {
                #expect(try await world.submit(try await world.start(), name).challenge != nil)
            }
        }
    }
}
