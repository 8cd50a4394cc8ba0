import Authenticators
import Identifiers
import Identity
import OTP
import SQL
import Sealing
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Cards in stock and their life in the store")
struct CardLifeRepositoryTests {
    static let now = Instant(milliseconds: 1_767_225_600_000)

    @Test("Every state is read back as it was saved", arguments: StoreKind.allCases)
    func states(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let (card, now) = (sample.summary.id, Self.now)
            let binding = CardBinding(strength: .singleFactor, limitedUntil: now + .hours(72), pinMustChange: true)
            let states: [CardState] = [
                .active, .blocked(CardBlock(by: .user, at: now)), .active, .blocked(CardBlock(by: .staff, at: now)),
                .shipped(CardShipment(at: now, activateBy: now + .days(14))),
                .shipped(CardShipment(at: now, activateBy: now + .days(20))), .ordered, .disabled, .lost, .returned,
                .cancelled,
            ]
            for state in states {
                let life = CardLife(card: card, state: state, validity: CardValidity(), binding: binding)
                try await store.write { try $0.cardLives.save(life, at: now) }
                let read = try #require(await store.read { try $0.cardLives.find(card) })
                #expect(read.life == life)
                let locked = try #require(await store.write { try $0.cards.lock(card, of: sample.user.id) })
                #expect((locked.status, locked.binding) == (try #require(state.status), binding))
                #expect(locked.isUsable(at: now) == (state == .active))
                let active = try await store.read { try $0.cards.active(of: sample.user.id, at: now) }
                #expect(active.isEmpty == (state != .active), "\(state.name)")
            }
        }
    }

    @Test("A card of an operator's file is active, and rests on nothing", arguments: StoreKind.allCases)
    func provisioned(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let card = try #require(await store.read { try $0.cardLives.all(of: sample.user.id) }.first)
            #expect((card.life.state(at: Self.now), card.life.binding) == (.active, CardBinding()))
            #expect((card.serial, card.pinPolicy) == (sample.card.serial, .standard))
            #expect(try await store.read { try $0.cardLives.find(serial: sample.card.serial) }?.user == sample.user.id)
            #expect(try await store.read { try $0.cardLives.find(serial: "none") } == nil)
        }
    }

    @Test("A login's queries give only cards within their dates", arguments: StoreKind.allCases)
    func dates(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let other = try Sample(byte: 2)
            let suite = try CardSuite(other.card.suite)
            let terms = CardTerms(validity: CardValidity(start: Self.now, end: Self.now + .days(1)))
            try await store.write {
                try $0.cards.bind(
                    other.summary, serial: other.card.serial, suite: suite, key: other.card.key,
                    pinHash: try OCRAPIN("1234", for: suite.ocra).hash, to: sample.user.id, as: terms, at: Self.now)
            }
            for (offset, count) in [(-1, 1), (0, 2), (86_399_999, 2), (86_400_000, 1)] as [(Int64, Int)] {
                let at = Self.now + .milliseconds(offset)
                #expect(try await store.read { try $0.cards.active(of: sample.user.id, at: at) }.count == count)
                let locked = try #require(
                    await store.write { try $0.cards.lock(other.summary.id, of: sample.user.id) })
                #expect(locked.isUsable(at: at) == (count == 2))
            }
        }
    }

    @Test("A new PIN reseals the key; what was sealed before does not open", arguments: StoreKind.allCases)
    func reseal(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let (id, user) = (sample.summary.id, sample.user.id)
            let suite = try CardSuite(sample.card.suite)
            let old = try #require(await store.write { try $0.cards.lock(id, of: user) })
            let (earlier, new) = (try OCRAPIN("1234", for: suite.ocra), try OCRAPIN("4821", for: suite.ocra))
            let before = try await Dump.of(store.driver)["security_card"]
            try await store.write { try $0.cards.replacePIN(of: old, by: new.hash) }
            let hasNew = try await store.write { store in
                let card = try #require(try store.cards.lock(id, of: user))
                let opened = try store.cards.open(card)
                return (opened.has(new), opened.has(earlier))
            }
            #expect(hasNew == (true, false))
            await #expect(throws: SQLError.conflict, "over the version that was read") {
                try await store.write { try $0.cards.replacePIN(of: old, by: earlier.hash) }
            }
            guard case .blob(let key) = before.first?["key"], case .blob(let pin) = before.first?["pin"] else {
                throw Missing(what: "the sealed columns")
            }
            _ = try await store.driver.write { try $0.execute("UPDATE security_card SET key = \(key), pin = \(pin)") }
            await #expect(throws: SealingError.notAuthentic) {
                try await store.write { store in
                    _ = try store.cards.open(try #require(try store.cards.lock(id, of: user)))
                }
            }
        }
    }

    @Test("A card comes out of the stock once, as it went in", arguments: StoreKind.allCases)
    func stock(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let card = try Self.stockCard("CS-9001", pin: [7, 7, 7])
            try await store.write {
                try $0.cardStock.add(batch: id(1), source: "test", cards: 2, at: Self.now)
                try $0.cardStock.add([card, try Self.stockCard("CS-9002", pin: nil)], batch: id(1))
            }
            let known = try await store.read {
                try $0.cardStock.known(["CS-9001", "CS-9003", sample.card.serial])
            }
            #expect(known == ["CS-9001", sample.card.serial])
            let taken = try #require(await store.write { try $0.cardStock.take("CS-9001") })
            #expect((taken.batch, taken.card.serial, taken.card.suite) == (id(1), card.serial, card.suite))
            #expect((taken.card.key, taken.card.pinHash) == (card.key, card.pinHash))
            #expect((taken.card.pinPolicy, taken.card.validity) == (card.pinPolicy, card.validity))
            #expect(try await store.write { try $0.cardStock.take("CS-9001") } == nil)
            #expect(try await store.write { try $0.cardStock.take("CS-9002") }?.card.pinHash == nil)
        }
    }

    @Test("A key copied onto another serial does not open", arguments: StoreKind.allCases)
    func copied(kind: StoreKind) async throws {
        try await self.store(kind) { store, _ in
            try await store.write {
                try $0.cardStock.add(batch: id(1), source: "test", cards: 2, at: Self.now)
                try $0.cardStock.add(
                    [try Self.stockCard("CS-9001", pin: nil), try Self.stockCard("CS-9002", pin: nil)], batch: id(1))
            }
            _ = try await store.driver.write {
                try $0.execute(
                    """
                    UPDATE card_stock SET key = (SELECT key FROM card_stock WHERE serial = 'CS-9001')
                    WHERE serial = 'CS-9002'
                    """)
            }
            await #expect(throws: SealingError.notAuthentic) {
                try await store.write { try $0.cardStock.take("CS-9002") }
            }
            #expect(try await store.write { try $0.cardStock.take("CS-9001") } != nil)
        }
    }

    @Test("Tasks: over the version that was read, and forgotten", arguments: StoreKind.allCases)
    func tasks(kind: StoreKind) async throws {
        try await self.store(kind) { store, sample in
            let challenge = CardChallenge(id: id(1), digits: "123456", expires: Self.now + .seconds(180))
            try await store.write {
                try $0.cardTasks.add(
                    .activating(challenge), id: id(1), card: sample.summary.id, session: id(2),
                    expires: challenge.expires)
            }
            let stored = try #require(await store.write { try $0.cardTasks.lock(id(1)) })
            #expect((stored.card, stored.session, stored.task) == (sample.summary.id, id(2), .activating(challenge)))
            try await store.write { try $0.cardTasks.save(.done, over: stored) }
            #expect(try await store.read { try $0.cardTasks.find(id(1)) }?.task == .done)
            await #expect(throws: SQLError.conflict) {
                try await store.write { try $0.cardTasks.save(.done, over: stored) }
            }
            #expect(try await store.write { try $0.cardTasks.forget(before: challenge.expires) } == 0)
            #expect(
                try await store.write { try $0.cardTasks.forget(before: challenge.expires + .milliseconds(1)) } == 1)
        }
    }

    @Test("All of a user's sessions end, but the one that is kept", arguments: StoreKind.allCases, [true, false])
    func sessions(kind: StoreKind, isOneKept: Bool) async throws {
        try await self.store(kind) { store, sample in
            let other = try Sample(byte: 2)
            try await store.write { store in
                try other.add(to: store)
                for (number, user) in [(UInt8(1), sample.user), (2, sample.user), (3, sample.user), (4, other.user)] {
                    let session = Session(
                        id: id(number), user: user.id,
                        authentication: Authentication(at: Self.now, methods: [.password]),
                        created: Self.now, lastSeen: Self.now)
                    try store.sessions.add(session, secretHash: hash(number), address: nil)
                }
                _ = try store.sessions.end(id(3), at: Self.now)
            }
            let later = Self.now + .minutes(1)
            let kept: SessionID? = isOneKept ? id(1) : nil
            #expect(
                try await store.write { try $0.sessions.endAll(of: sample.user.id, except: kept, at: later) }
                    == (isOneKept ? 1 : 2))
            let ended = try await store.read { store in
                try (1...4).map { try store.sessions.find(id($0) as SessionID)?.ended }
            }
            #expect(ended == [isOneKept ? nil : later, later, Self.now, nil])
        }
    }

    private static func stockCard(_ serial: String, pin: [UInt8]?) throws -> StockCard {
        StockCard(
            serial: serial, suite: try CardSuite(CardSuite.supported[0]), key: Array(serial.utf8) + hash(3),
            pinHash: pin,
            pinPolicy: try #require(PINPolicy(shortest: 6, longest: 7)),
            validity: CardValidity(start: self.now, end: self.now + .days(1)))
    }

    private func store(_ kind: StoreKind, _ body: (Store, Sample) async throws -> Void) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let sample = try Sample(byte: 1)
            try await store.write { try sample.add(to: $0) }
            try await body(store, sample)
        }
    }
}
