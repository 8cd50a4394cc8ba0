import Authenticators
import Flows
import Identifiers
import Identity
import Login
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

/// What was proven at “Forgot password?” is worth nothing once the user or the staff has taken its proof away.
@Suite("Forgot password? and what ends it")
struct RecoveryEndTests {
    /// What is done between the proof and the password.
    enum Act: CaseIterable {
        case blocked, lost, returned, blockedByStaff, pinSetByStaff, pinChanged, passwordChanged
        case sessionsEnded, disabledForAWhile, rolesChanged, otherRecovery

        func run(_ world: World, _ session: Session, _ secret: SecretToken, _ claim: StaffClaim) async throws {
            let (cards, desk, origin) = (world.cards, world.desk(), World.origin)
            let (alice, card) = (try UserName("alice"), try await world.cardOfAlice())
            let staff = CardActor.staff(try world.staff())
            switch self {
            case .blocked: _ = try await cards.block(card, by: .user(session), origin: origin).get()
            case .lost: _ = try await cards.reportLost(card, by: .user(session), origin: origin).get()
            case .returned: _ = try await cards.takeBack(card, by: .user(session), origin: origin).get()
            case .blockedByStaff:
                _ = try await cards.block(card, by: staff, origin: origin).get()
                _ = try await cards.unblock(card, by: try world.staff(), origin: origin).get()
            case .pinSetByStaff:
                _ = try await cards.setPIN(of: card, to: "83516", by: try world.staff(), origin: origin).get()
            case .pinChanged: try await world.changePIN(of: card, to: "59042", by: session)
            case .passwordChanged:
                let typed = TypedPasswordChange(
                    old: Firm.password, new: "the owner's own new one", again: "the owner's own new one", device: nil)
                #expect(try await world.account.changePassword(typed, in: secret, origin: origin) == .changed)
            case .sessionsEnded: _ = try await desk.endSessions(of: alice, reason: "x", by: claim, origin: origin)
            case .disabledForAWhile:
                for status in [UserStatus.disabled, .active] {
                    try await desk.setStatus(status, of: alice, reason: "x", by: claim, origin: origin)
                }
            case .rolesChanged:
                try await desk.setRoles([.auditor], of: alice, reason: "x", by: claim, origin: origin)
            case .otherRecovery:
                let other = try await world.proven()
                #expect(try await world.set(other, "the owner's own new one").state.name == "finished")
            }
        }
    }

    @Test("By each, no password is set any more", arguments: StoreKind.allCases, Act.allCases)
    func ended(kind: StoreKind, act: Act) async throws {
        try await World.with(kind) { world in
            let claim = try await world.claim()
            let secret = try await world.enter()
            let session = try await world.account.admit(secret, to: .change).session
            let thief = try await world.proven()
            try await act.run(world, session, secret, claim)
            let view = try await world.set(thief, World.newPassword)
            #expect(view.state == .expired && view.notice == .movedOn)
            #expect(try await world.submit(try await world.start(), "alice", World.newPassword).challenge == nil)
        }
    }

    @Test("One that waits for the answer ends too, one that is finished stays", arguments: StoreKind.allCases)
    func others(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let first = try await world.proven()
            _ = try await world.set(first, World.newPassword)
            guard case .started(let waiting) = try await world.recovery.start("alice", origin: World.origin),
                case .started(let others) = try await world.recovery.start("dave", origin: World.origin)
            else { throw Missing(what: "attempts") }
            _ = try await world.desk().endSessions(
                of: try UserName("alice"), reason: "x", by: try await world.claim(), origin: World.origin)
            #expect(try await world.recovery.view(waiting).state == .expired)
            #expect(try await world.recovery.view(first).state.name == "finished")
            #expect(try await world.recovery.view(others).state.name == "awaitingResponse", "another user's")
        }
    }

    @Test("At the very moment when the password is being set")
    func race() async throws {
        try await World.with(.postgres) { world in
            let session = try await world.session()
            let (thief, card) = (try await world.proven(), try await world.cardOfAlice())
            let gate = Gate()
            let driver = WatchedDriver(try world.place.driver()) { call in
                // The thief has found his attempt proven, and waits for the row that the owner holds.
                if call.template.contains("FROM app_user WHERE name = "), call.template.contains("\u{2}") {
                    gate.wait()
                }
            }
            try await closing(driver) { driver in
                let other = try await world.node(driver)
                async let late = other.set(thief, World.newPassword)
                await gate.entered()
                _ = try await world.cards.block(card, by: .user(session), origin: World.origin).get()
                gate.open()
                #expect(try await late.state == .expired)
            }
        }
    }
}

extension World {
    fileprivate func cardOfAlice() async throws -> AuthenticatorID {
        guard let card = try await self.cards.cards(of: try await self.user("alice")).first?.card.id else {
            throw Missing(what: "alice's card")
        }
        return card
    }

    /// An attempt for alice that her card has answered.
    fileprivate func proven() async throws -> SecretToken {
        guard case .started(let secret) = try await self.recovery.start("alice", origin: World.origin),
            case .awaitingResponse(let challenge) = try await self.recovery.view(secret).state
        else { throw Missing(what: "an attempt") }
        let response = try Firm.alice.response(to: challenge.digits)
        let view = try await self.recovery.respond(to: secret, with: response, origin: World.origin)
        guard case .proven = view.state else { throw Missing(what: "a proof") }
        return secret
    }

    fileprivate func set(_ secret: SecretToken, _ new: String) async throws -> RecoveryView {
        try await self.recovery.setPassword(new, again: new, in: secret, origin: World.origin)
    }

    fileprivate func changePIN(of card: AuthenticatorID, to new: String, by session: Session) async throws {
        let first = try await self.cards.startPINChange(of: card, by: session, origin: World.origin).task()
        let second = try await self.cards.proveOldPIN(
            first.id, with: try Firm.alice.response(to: first.digits), by: session, origin: World.origin
        ).task()
        let chosen = NewCardPIN(
            pin: new, repeatedPIN: new, response: try Firm.alice.response(to: second.digits, pin: new))
        _ = try await self.cards.changePIN(second.id, to: chosen, by: session, origin: World.origin).done()
    }
}
