import Flows
import Identifiers
import Login
import PasswordHashing
import SQL
import TestWorld
import Testing
import Time

@Suite("When a password may be tried")
struct PasswordLockTests {
    @Test("10 wrong in 24 hours lock, until 24 hours after the last", arguments: StoreKind.allCases)
    func lock(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...9 { try await self.fail(world) }
            #expect(try await self.isRight(world), "nine do not lock, and a right one clears them")
            for _ in 1...10 {
                world.clock.advance(.hours(1))
                try await self.fail(world)
            }
            #expect(try await !self.isRight(world))
            world.clock.advance(.hours(23))
            #expect(try await !self.isRight(world))
            try await self.fail(world)
            world.clock.advance(.hours(1) + .milliseconds(-1))
            #expect(try await !self.isRight(world), "asking while it is locked extends nothing")
            world.clock.advance(.milliseconds(1))
            #expect(try await self.isRight(world))
        }
    }

    @Test("A name that nobody has locks alike", arguments: StoreKind.allCases)
    func nobody(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...12 { try await self.fail(world, "nobody") }
            let reasons = try await world.audit().filter { $0.hasPrefix("password.checked") }
            #expect(reasons.count { $0.hasSuffix("no_such_user") } == 10)
            #expect(reasons.count { $0.hasSuffix("password_locked") } == 2)
        }
    }

    @Test("A known browser has 5 of its own, and strangers cannot lock it out", arguments: StoreKind.allCases)
    func device(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let device = try await world.logIn().device
            for _ in 1...10 { try await self.fail(world) }
            #expect(try await !self.isRight(world))
            #expect(try await self.isRight(world, device: device), "the owner gets in")
            for _ in 1...10 { try await self.fail(world) }
            for _ in 1...5 { try await self.fail(world, device: device) }
            #expect(try await !self.isRight(world, device: device), "used up, it counts as a stranger")
            let stranger = SecretToken(random: [UInt8](repeating: 1, count: 32))
            #expect(try await !self.isRight(world, device: stranger))
            world.clock.advance(.hours(24))
            #expect(try await self.isRight(world))
        }
    }

    @Test("A browser that is known for one user is a stranger for another", arguments: StoreKind.allCases)
    func otherUser(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let device = try await world.logIn().device
            for _ in 1...10 { try await self.fail(world, "dave") }
            let view = try await world.submit(try await world.start(), "dave", device: device)
            #expect(view.notice == .wrongCredentials)
            let both = try await world.logIn(device: device).device
            #expect(both.hash == device.hash, "one browser has one secret")
        }
    }

    @Test("After 100 since the last right one it must be set anew", arguments: StoreKind.allCases)
    func hundred(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let device = try await world.logIn().device
            for number in 1...100 {
                try await self.fail(world)
                if number % 10 == 0 { world.clock.advance(.hours(24)) }
            }
            #expect(try await !self.isRight(world))
            #expect(try await !self.isRight(world, device: device))
            world.clock.advance(.days(29))
            #expect(try await !self.isRight(world))
            #expect(try await world.audit().last { $0.hasPrefix("password.checked") }?.hasSuffix("must_be_set") == true)
        }
    }

    @Test("No time and no cleaning gives a name its 100 back", arguments: StoreKind.allCases)
    func hundredForEver(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for number in 1...100 {
                try await self.fail(world)
                if number % 10 == 0 { world.clock.advance(.hours(24)) }
            }
            world.clock.advance(.days(60))
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await !self.isRight(world))
        }
    }

    @Test("500 guesses at once: 10 are compared", arguments: StoreKind.allCases)
    func parallel(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let views = try await atOnce(500) { _ in
                try await world.submit(try await world.start(), "alice", "wrong password")
            }
            #expect(views.allSatisfy { $0.notice == .wrongCredentials })
            let trail = try await world.audit()
            #expect(trail.count { $0 == "password.checked failure wrong_credentials" } == 10)
            #expect(trail.count { $0 == "password.checked failure password_locked" } == 490)
        }
    }

    @Test("A hash of other parameters is replaced at the next right password", arguments: StoreKind.allCases)
    func rehash(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let dearer = try World(
                world.place, world.store, clock: world.clock, cost: PasswordCost(memory: 16, passes: 2))
            _ = try await dearer.submit(try await dearer.start(), "alice", "wrong password")
            #expect(try await world.audit().contains("password.rehashed success") == false)
            #expect(try await self.isRight(dearer))
            #expect(try await self.isRight(dearer))
            #expect(try await world.audit().count { $0 == "password.rehashed success" } == 1)
            #expect(try await self.isRight(world), "and again, the other way")
            #expect(try await world.audit().count { $0 == "password.rehashed success" } == 2)
        }
    }

    private func fail(_ world: World, _ name: String = "alice", device: SecretToken? = nil) async throws {
        let view = try await world.submit(try await world.start(), name, "wrong password", device: device)
        #expect(view.notice == .wrongCredentials)
    }

    private func isRight(_ world: World, device: SecretToken? = nil) async throws -> Bool {
        try await world.submit(try await world.start(), device: device).challenge != nil
    }
}
