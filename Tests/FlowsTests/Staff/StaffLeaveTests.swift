import Authenticators
import Identifiers
import Identity
import Outbox
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@testable import Flows

/// Between the proof that somebody of the staff may and the transaction of what he does, his session or his role may end.
@Suite("The leave of the staff, in the transaction of the act")
struct StaffLeaveTests {
    struct Act: Sendable, CustomTestStringConvertible {
        let operation: StaffOperation
        let testDescription: String
        let run: @Sendable (World, AuthenticatorID, StaffAction) async throws -> Void

        init(
            _ operation: StaffOperation,
            _ run: @escaping @Sendable (World, AuthenticatorID, StaffAction) async throws -> Void
        ) {
            (self.operation, self.testDescription, self.run) = (operation, operation.rawValue, run)
        }
    }

    private static let origin = World.origin

    static let onUsers = [
        Act(.shipCard) { world, _, action in
            _ = try await world.cards.ship(serial: Firm.alice.serial, by: action, origin: origin)
        },
        Act(.extendActivation) { world, card, action in
            _ = try await world.cards.extendActivation(of: card, by: action, origin: origin)
        },
        Act(.cancelCard) { _ = try await $0.cards.cancel($1, by: .staff($2), origin: origin) },
        Act(.blockCard) { _ = try await $0.cards.block($1, by: .staff($2), origin: origin) },
        Act(.unblockCard) { _ = try await $0.cards.unblock($1, by: $2, origin: origin) },
        Act(.reportCardLost) { _ = try await $0.cards.reportLost($1, by: .staff($2), origin: origin) },
        Act(.takeCardBack) { _ = try await $0.cards.takeBack($1, by: .staff($2), origin: origin) },
        Act(.setCardPIN) { _ = try await $0.cards.setPIN(of: $1, to: "4821", by: $2, origin: origin) },
        Act(.orderCard) { world, _, action in
            _ = try await world.cards.order(
                for: try await world.user("alice"), pin: .drawn, address: World.address, by: action, origin: origin)
        },
        Act(.issueActivationCode) { world, _, action in
            _ = try await world.staff.issueCode(
                .letter, for: try await world.user("alice"), by: action, origin: origin)
        },
        Act(.startRecovery) { world, _, action in
            _ = try await world.staff.startRecovery(for: try await world.user("alice"), by: action, origin: origin)
        },
        Act(.cancelRecovery) { world, _, action in
            _ = try await world.staff.cancelRecovery(of: try await world.user("alice"), by: action, origin: origin)
        },
    ]

    static let others = [
        Act(.importCards) { world, _, action in
            let batch = CardImport(source: "x", cards: [TestCard(serial: "ST-9", byte: 9).imported(line: 1)])
            _ = try await CardImportFlow(environment: world.environment).add(batch, by: action, origin: origin)
        },
        Act(.switchProvider) { world, _, action in
            try await world.outbox("acme").switch("acme", on: false, by: action, origin: origin)
        },
        Act(.testDelivery) { world, _, action in
            let test = TestMessage(to: World.phone, destination: World.hongKong, by: .text, language: "en")
            _ = try await world.outbox("acme").send(test, by: action, origin: origin)
        },
        Act(.switchProvider) { world, _, action in
            try await world.outbox("acme").resume(block: "+852512", by: action, origin: origin)
        },
    ]

    /// How the leave ends, and what is said then.
    enum End: CaseIterable {
        case session, role, status, token

        var statement: SQLStatement {
            switch self {
            case .session: "UPDATE session SET ended_at = 1"
            case .role: "UPDATE app_user SET roles = 'auditor' WHERE name = 'dave'"
            case .status: "UPDATE app_user SET status = 'disabled' WHERE name = 'dave'"
            case .token: "UPDATE access_token SET revoked_at = 1"
            }
        }

        func error(_ operation: StaffOperation) -> StaffError {
            self == .role ? .roleMissing(operation) : .tokenInvalid
        }
    }

    @Test("Of a user: nothing is done", arguments: StoreKind.allCases, End.allCases)
    func users(kind: StoreKind, end: End) async throws {
        try await World.with(kind) { world in
            let (desk, claim, alice) = (world.desk(), try await world.claim(), try UserName("alice"))
            let card = try #require(try await world.cards.cards(of: try await world.user("alice")).first).card.id
            var actions: [StaffAction] = []
            for act in Self.onUsers {
                actions.append(
                    try await desk.permit(act.operation, by: claim, reason: "x") { try $0.users.find(alice) }.action)
            }
            try await self.expectNothing(Self.onUsers, actions, after: end, card, world)
        }
    }

    @Test("Of no user: nothing is done", arguments: StoreKind.allCases, End.allCases)
    func noUsers(kind: StoreKind, end: End) async throws {
        try await World.with(kind) { world in
            let (desk, claim) = (world.desk(), try await world.claim())
            var actions: [StaffAction] = []
            for act in Self.others {
                actions.append(try await desk.action(act.operation, by: .token(claim), reason: "x"))
            }
            let card = AuthenticatorID(at: world.clock.now(), random: [UInt8](repeating: 1, count: 10))
            try await self.expectNothing(Self.others, actions, after: end, card, world)
        }
    }

    private func expectNothing(
        _ acts: [Act], _ actions: [StaffAction], after end: End, _ card: AuthenticatorID, _ world: World
    ) async throws {
        try await world.execute(end.statement)
        let before = try await world.dump()
        for (act, action) in zip(acts, actions) {
            await #expect(throws: end.error(act.operation), "\(act.operation)") {
                try await act.run(world, card, action)
            }
        }
        #expect(try await world.dump() == before)
    }

    @Test("The user has got a role meanwhile: that takes an administrator", arguments: StoreKind.allCases)
    func userIsStaff(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (claim, alice) = (try await world.claim(roles: [.helpDesk]), try UserName("alice"))
            let permit = try await world.desk().permit(.blockCard, by: claim, reason: "x") { try $0.users.find(alice) }
            let card = try #require(try await world.cards.cards(of: permit.user.id).first).card.id
            try await world.execute("UPDATE app_user SET roles = 'auditor' WHERE name = 'alice'")
            await #expect(throws: StaffError.userIsStaff) {
                try await world.cards.block(card, by: .staff(permit.action), origin: World.origin)
            }
            try await world.execute("UPDATE app_user SET roles = '' WHERE name = 'alice'")
            _ = try await world.cards.block(card, by: .staff(permit.action), origin: World.origin).get()
        }
    }
}
