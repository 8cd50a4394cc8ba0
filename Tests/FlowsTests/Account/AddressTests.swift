import Audit
import Authenticators
import Flows
import Identity
import SQL
import Sessions
import TestWorld
import Testing
import Time

/// The postal address in self-service: cards are sent to it.
@Suite struct AddressTests {
    private static let address = " Alice Chan \n\n1 Queen’s Road\nHong Kong "

    @Test("Changed after a second factor just now; the user is told", arguments: StoreKind.allCases)
    func changed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let secret = try await world.logIn().session
            let first = try await world.account.changeAddress(Self.address, in: secret, origin: World.origin)
            #expect(first == .changed)
            let visitor = try await world.account.admit(secret, to: .view)
            #expect(visitor.user.postalAddress == "Alice Chan\n1 Queen’s Road\nHong Kong")
            let again = try await world.account.changeAddress(Self.address, in: secret, origin: World.origin)
            #expect(again == .same)
            let notices = try await world.notices("alice").filter { $0.kind == .addressChanged }
            #expect(notices.count == 1 && notices[0].details.address == World.origin.address)
            let entries = try await world.audit().filter { $0.contains("address.changed") }
            #expect(entries.count == 1 && !entries[0].contains("Queen"))
        }
    }

    @Test("Not later than 5 minutes after it, and not without one", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let alice = try await world.account.admit(finished.session, to: .view).user.id
            world.clock.advance(.minutes(5) + .milliseconds(1))
            await #expect(throws: FlowError.notPermitted(.needsFreshSecondFactor, alice)) {
                try await world.account.changeAddress(Self.address, in: finished.session, origin: World.origin)
            }
            await #expect(throws: FlowError.notLoggedIn) {
                try await world.account.changeAddress(Self.address, in: nil, origin: World.origin)
            }
            #expect(try await world.notices("alice").allSatisfy { $0.kind != .addressChanged })
        }
    }

    @Test(
        "What cannot stand on an envelope",
        arguments: [
            ("", .missing), (" \n ", .missing), ("a\u{202E}b", .forbiddenCharacter),
            (String(repeating: "x", count: 101), .lineTooLong(maximum: 100)),
            (String(repeating: "x\n", count: 9), .tooManyLines(maximum: 8)),
        ] as [(String, DeliveryAddressError)])
    func malformed(row: (text: String, error: DeliveryAddressError)) async throws {
        try await World.with(.sqlite) { world in
            let secret = try await world.logIn().session
            let answer = try await world.account.changeAddress(row.text, in: secret, origin: World.origin)
            #expect(answer == .refused(row.error))
        }
    }
}
