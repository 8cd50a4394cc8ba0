import Flows
import Identity
import SQL
import TestWorld
import Testing
import Time

/// An act of the staff waits for the user's row; meanwhile another administrator ends the right to it. Three administrators, real
/// transactions.
@Suite("The right to an act ends while it waits")
struct StaffWaitTests {
    enum Act: CaseIterable {
        case liftLock, endSessions, block, setPIN, order, issueCode, startRecovery, cancelRecovery

        func run(_ world: World, by claim: StaffClaim) async throws {
            let (desk, origin) = (world.desk(), World.origin)
            let cards = StaffCardFlow(staff: desk, cards: world.cards)
            let (carol, erin, card) = (try UserName("carol"), try UserName("erin"), Firm.bob[0].serial)
            switch self {
            case .liftLock: try await desk.liftLock(of: carol, reason: "x", by: claim, origin: origin)
            case .endSessions: _ = try await desk.endSessions(of: carol, reason: "x", by: claim, origin: origin)
            case .block: _ = try await cards.take(.block, on: card, reason: "x", by: claim, origin: origin)
            case .setPIN: _ = try await cards.setPIN(of: card, to: "83516", reason: "x", by: claim, origin: origin)
            case .order:
                _ = try await cards.order(
                    for: carol, pin: .drawn, address: World.address, reason: "x", by: claim, origin: origin)
            case .issueCode: _ = try await desk.issueCode(.letter, for: erin, reason: "x", by: claim, origin: origin)
            case .startRecovery: _ = try await desk.startRecovery(of: carol, reason: "x", by: claim, origin: origin)
            case .cancelRecovery: _ = try await desk.cancelRecovery(of: carol, reason: "x", by: claim, origin: origin)
            }
        }
    }

    @Test("Nothing is done", arguments: Act.allCases, [true, false])
    func ended(act: Act, isDemoted: Bool) async throws {
        try await World.with(.postgres) { world in
            _ = try await world.add("erin")
            try await world.addStock([TestCard(serial: "ST-1", byte: 9)])
            let (late, other) = (try await world.claim("dave"), try await world.claim("alice", card: Firm.alice))
            let gate = Gate()
            let driver = WatchedDriver(try world.place.driver()) { call in
                // Proven, and about to wait for the row of the user.
                if call.template.contains("FROM app_user WHERE name = "), call.template.contains("\u{2}") {
                    gate.wait()
                }
            }
            try await closing(driver) { driver in
                let node = try await world.node(driver)
                async let done: StaffError? = {
                    do {
                        try await act.run(node, by: late)
                        return nil
                    } catch let error as StaffError {
                        return error
                    }
                }()
                await gate.entered()
                let (desk, dave) = (world.desk(), try UserName("dave"))
                if isDemoted {
                    try await desk.setRoles([], of: dave, reason: "x", by: other, origin: World.origin)
                } else {
                    _ = try await desk.endSessions(of: dave, reason: "x", by: other, origin: World.origin)
                }
                let before = try await world.dump()
                for _ in 1...3 { gate.open() }  // some lock it twice
                #expect(try await done == .tokenInvalid)
                #expect(try await world.dump() == before)
            }
        }
    }
}
