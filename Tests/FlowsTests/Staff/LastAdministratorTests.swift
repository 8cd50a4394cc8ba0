import Flows
import Identity
import SQL
import Storage
import TestWorld
import Testing
import Time

/// Real tasks on the real databases.
@Suite("One administrator is always left")
struct LastAdministratorTests {
    private static func end(
        _ name: String, by claim: StaffClaim, isDemoted: Bool, _ world: World
    ) async throws -> StaffError? {
        let (desk, user) = (world.desk(), try UserName(name))
        do {
            if isDemoted {
                try await desk.setRoles([.auditor], of: user, reason: "x", by: claim, origin: World.origin)
            } else {
                try await desk.setStatus(.disabled, of: user, reason: "x", by: claim, origin: World.origin)
            }
            return nil
        } catch let error as StaffError {
            return error
        }
    }

    private static func isThere(_ world: World) async throws -> Bool {
        try await world.store.read { try $0.users.hasAdministrator() }
    }

    @Test("Two who end each other's rights at once", arguments: StoreKind.allCases, [true, false])
    func atTheSameTime(kind: StoreKind, isDemoted: Bool) async throws {
        try await World.with(kind) { world in
            for _ in 1...20 {
                try await world.execute("UPDATE app_user SET status = 'active'")
                world.clock.advance(.minutes(1))
                let claims = [
                    try await world.claim("alice", card: Firm.alice), try await world.claim("dave", card: Firm.dave),
                ]
                let refusals = try await atOnce(2) { number in
                    try await Self.end(
                        number == 0 ? "dave" : "alice", by: claims[number],
                        isDemoted: isDemoted != (number == 1), world)
                }
                #expect(refusals.count { $0 == nil } == 1, "\(refusals)")
                // Who comes later finds his rights ended, or nobody else who has them.
                let expected: [StaffError] = [
                    .tokenInvalid, .roleMissing(.changeRoles), .roleMissing(.disableUser), .lastAdministrator,
                ]
                #expect(refusals.compactMap(\.self).allSatisfy(expected.contains))
                #expect(try await Self.isThere(world))
            }
        }
    }

    @Test("Proven before the other has acted: when his turn comes his right has ended")
    func provenBefore() async throws {
        try await World.with(.postgres) { world in
            let claims = (try await world.claim("alice", card: Firm.alice), try await world.claim("dave"))
            let gate = Gate()
            let driver = WatchedDriver(try world.place.driver()) { call in
                if call.access == .query, call.template.contains("roles <> '' ORDER BY id") { gate.wait() }
            }
            try await closing(driver) { driver in
                let other = try await world.node(driver)
                async let late = Self.end("alice", by: claims.1, isDemoted: true, other)
                await gate.entered()
                #expect(try await Self.end("dave", by: claims.0, isDemoted: true, world) == nil)
                for _ in 1...2 { gate.open() }
                #expect(try await late == .tokenInvalid)
                #expect(try await Self.isThere(world))
            }
        }
    }
}
