import Audit
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

@Suite("Ordering a card")
struct CardOrderTests {
    static let card = TestCard(serial: "CS-200005", byte: 21, pin: "4821")

    @Test("With a fresh second factor; the card leaves the stock and is the user's", arguments: StoreKind.allCases)
    func order(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            try await world.addStock([Self.card])
            let view = try await world.order(by: session).get()
            #expect((view.state, view.serial, view.card.label) == (.ordered, Self.card.serial, "0005"))
            #expect((view.user, view.boundBy, view.pinMustChange) == (session.user, .multiFactor, false))
            #expect(try await world.cards.stock() == 0)
            #expect(try await world.cards.cards(of: session.user).map(\.state) == [.active, .ordered])
            let sent = try await world.cards.toShip()
            #expect(sent.map(\.serial) == [Self.card.serial])
            #expect(sent.first?.address.lines == ["Alice Chan", "1 Queen's Road", "香港中環"])
            #expect(try await world.audit().last { $0.hasPrefix("card.") } == "card.ordered success")
            let login = try await world.submit(try await world.start())
            #expect(login.authenticators.map(\.label) == ["0001"] && login.challenge != nil, "only the active one")
        }
    }

    @Test("What a session must have proven, and when", arguments: StoreKind.allCases)
    func proof(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.addStock([Self.card])
            let weak = try await world.passwordSession()
            let needed = CardRefusal.secondFactorNeeded(within: .minutes(5))
            #expect(try await world.order(by: weak).refusal == needed)
            let strong = try await world.session()
            world.clock.advance(.minutes(5))
            #expect(try await world.order(by: strong).refusal == needed)
            #expect(try await world.audit().suffix(1) == ["card.ordered failure weaker_factor"])
            world.clock.advance(.milliseconds(-1))
            let forged = Session(
                id: weak.id, user: weak.user, authentication: strong.authentication, created: strong.created,
                lastSeen: strong.lastSeen)
            #expect(try await world.order(by: forged).refusal == needed, "the store's own session counts")
            _ = try await world.store.write { try $0.sessions.end(strong.id, at: world.clock.now()) }
            #expect(try await world.order(by: strong).refusal == .notSignedIn)
            #expect(try await world.cards.stock() == 1)
        }
    }

    @Test("Who has no authenticator that can be used, or was disabled, orders nothing", arguments: StoreKind.allCases)
    func noAuthenticator(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.addStock([Self.card])
            let session = try await world.session()
            try await world.execute("UPDATE authenticator SET status = 'blocked'")
            #expect(try await world.order(by: session).refusal == .noActiveAuthenticator)
            try await world.execute("UPDATE authenticator SET status = 'active', usable_until = 1")
            #expect(try await world.order(by: session).refusal == .noActiveAuthenticator)
            try await world.execute("UPDATE app_user SET status = 'disabled'")
            #expect(try await world.order(by: session).refusal == .notSignedIn)
        }
    }

    @Test("PIN and address", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.addStock([Self.card])
            let session = try await world.session()
            let before = try await world.dump()
            #expect(try await world.order(pin: "1234", by: session).refusal == .pin(.tooCommon))
            #expect(try await world.order(pin: "482", by: session).refusal == .pin(.tooShort(minimum: 4)))
            #expect(try await world.order(pin: "4821", again: "4812", by: session).refusal == .pinsDiffer)
            #expect(try await world.order(address: " \n", by: session).refusal == .address(.missing))
            #expect(try await world.dump() == before)
        }
    }

    @Test("One card at a time is on its way", arguments: StoreKind.allCases)
    func underWay(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            try await world.addStock([Self.card, TestCard(serial: "CS-200002", byte: 22)])
            let first = try await world.order(by: session).get()
            #expect(try await world.order(by: session).refusal == .underWay)
            _ = try await world.cards.cancel(first.card.id, by: .user(session), origin: World.origin).get()
            #expect(try await world.cards.toShip().isEmpty, "where to is forgotten")
            #expect(try await world.order(by: session).refusal == nil)
            #expect(try await world.order(by: session).refusal == .underWay)
        }
    }

    @Test("A cancelled card is another user's next, with its own key and without a PIN", arguments: StoreKind.allCases)
    func cancelled(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let alice = try await world.session()
            let device = TestCard(serial: "CS-200005", byte: 21, pin: "7391")
            let batch = CardImport(
                source: "test", cards: [device.imported(pin: "1111", shortestPIN: 4, mostWrongPINs: 7)])
            _ = try await CardImportFlow(environment: world.environment).add(
                batch, by: try world.staff(), origin: World.origin)
            let before = try await world.dump()["authenticator"].count
            let first = try await world.order(by: alice).get()
            let cancelled = try await world.cards.cancel(
                first.card.id, by: .staff(try world.staff()), origin: World.origin
            ).get()
            #expect(cancelled.state == .cancelled)
            #expect(try await world.cards.cards(of: alice.user).map(\.state) == [.active])
            #expect(try await world.dump()["authenticator"].count == before)
            let staff = try world.staff()
            let makers = try await world.cards.order(
                for: try await world.userID("carol"), pin: .makers, address: World.address, by: staff,
                origin: World.origin)
            #expect(makers.refusal == .outOfStock, "the PIN of its maker is gone")

            let dave = try await world.session("dave", card: Firm.dave)
            let second = try await world.order(pin: device.pin, by: dave).get()
            #expect(second.serial == first.serial && second.card.id != first.card.id)
            #expect(second.pinPolicy.mostFailures == 7)
            _ = try await world.cards.ship(serial: device.serial, by: staff, origin: World.origin).get()
            #expect(try await world.activate(second.card.id, device, by: dave).done().state == .active)
        }
    }

    @Test("A card that was sent never goes back into the stock", arguments: StoreKind.allCases)
    func sent(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let staff = CardActor.staff(try world.staff())
            #expect(try await world.cards.cancel(id, by: staff, origin: World.origin).refusal != nil)
            _ = try await world.cards.reportLost(id, by: staff, origin: World.origin).get()
            _ = try await world.cards.takeBack(id, by: staff, origin: World.origin).get()
            #expect(try await world.cards.stock() == 0)
            #expect(try await world.cards.cards(of: session.user).map(\.state) == [.active, .returned])
        }
    }

    @Test("The stock: nothing there, nothing of that PIN length, nothing that lasts", arguments: StoreKind.allCases)
    func stock(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            #expect(try await world.order(by: session).refusal == .outOfStock)
            let end = world.clock.now() + .minutes(1)
            let batch = CardImport(
                source: "test",
                cards: [
                    Self.card.imported(shortestPIN: 6),
                    TestCard(serial: "CS-200002", byte: 22).imported(line: 2, end: end),
                ])
            _ = try await CardImportFlow(environment: world.environment).add(
                batch, by: try world.staff(), origin: World.origin)
            world.clock.advance(.minutes(1))
            #expect(try await world.order(by: session).refusal == .outOfStock)
            #expect(try await world.order(pin: "482913", by: session).get().serial == Self.card.serial)
        }
    }

    @Test("The staff orders for who has nothing yet; the PIN must be changed", arguments: StoreKind.allCases)
    func staff(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let carol = try await world.userID("carol")
            let action = try world.staff("New at the firm.")
            let order = { (pin: StaffPIN) in
                try await world.cards.order(
                    for: carol, pin: pin, address: World.address, by: action, origin: World.origin)
            }
            try await world.addStock([Self.card])
            #expect(try await order(.makers).refusal == .outOfStock, "it came without a PIN")
            #expect(try await order(.typed("0000")).refusal == .pin(.tooCommon))
            let ordered = try await order(.drawn).get()
            #expect(ordered.pin?.digits.count == 4)
            #expect((ordered.card.pinMustChange, ordered.card.boundBy) == (true, .singleFactor))
            let entries = try await world.store.read { try $0.audit.newest(100) }
            let entry = entries.first { $0.note.event == .cardOrdered && $0.note.outcome == .success }
            #expect(entry?.context.actor == "helen" && entry?.context.user == carol)
            #expect(entry?.context.explanation == "New at the firm.")
            let nobody = UserID(at: world.clock.now(), random: [UInt8](repeating: 1, count: 10))
            try await world.addStock([TestCard(serial: "CS-200002", byte: 22)])
            let refusal = try await world.cards.order(
                for: nobody, pin: .drawn, address: World.address, by: action, origin: World.origin
            ).refusal
            #expect(refusal == .noSuchUser)
        }
    }

    @Test("A maker's PIN is the card's until it is changed", arguments: StoreKind.allCases)
    func makersPIN(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let device = TestCard(serial: "CS-200005", byte: 21, pin: "1234")
            let batch = CardImport(source: "test", cards: [device.imported(pin: "1234")])
            _ = try await CardImportFlow(environment: world.environment).add(
                batch, by: try world.staff(), origin: World.origin)
            let carol = try await world.userID("carol")
            let ordered = try await world.cards.order(
                for: carol, pin: .makers, address: World.address, by: try world.staff(), origin: World.origin
            ).get()
            #expect(ordered.pin == nil && ordered.card.pinMustChange)
            _ = try await world.cards.ship(serial: device.serial, by: try world.staff(), origin: World.origin)
            let session = try await world.passwordSession("carol")
            #expect(try await world.activate(ordered.card.card.id, device, by: session).done().state == .active)
        }
    }

    @Test("No secret and no address stands in the store as it is", arguments: StoreKind.allCases)
    func sealed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let stays = TestCard(serial: "CS-200009", byte: 29)
            try await world.addStock([Self.card])
            _ = try await world.order(by: session).get()
            try await world.addStock([stays])
            let pins = try [Self.card, stays].map { try $0.provision(for: "alice").pinHash }
            for (place, bytes) in try await world.dump().cells {
                #expect(!String(decoding: bytes, as: UTF8.self).contains("Queen"), "\(place)")
                for secret in [Self.card.key, stays.key] + pins {
                    #expect(!bytes.contains(secret), "\(place)")
                }
            }
            #expect(try await world.dump()["card_stock"].count == 1)
        }
    }
}
