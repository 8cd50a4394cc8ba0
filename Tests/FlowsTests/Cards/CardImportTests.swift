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

@Suite("Importing cards into the stock")
struct CardImportTests {
    @Test("All of them, in more than one statement", arguments: StoreKind.allCases)
    func all(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let cards = (1...1201).map { Self.card($0) }
            let id = try await self.add(world, cards)
            #expect(try await world.cards.stock() == 1201)
            let batch = try #require(try await world.dump()["card_batch"].first)
            #expect((batch["id"], batch["cards"], batch["source"]) == (.blob(id.bytes), .integer(1201), .text("test")))
            #expect(try await world.audit().count { $0 == "cards.imported success" } == 1)
        }
    }

    @Test("Lines that cannot be taken are all named, and nothing is imported", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let now = world.clock.now()
            let good = TestCard(serial: "CS-3", byte: 1)
            let cards = [
                good.imported(line: 1), TestCard(serial: "", byte: 1).imported(line: 2),
                TestCard(serial: "CS 3", byte: 1).imported(line: 3),
                TestCard(serial: "CS-４", byte: 1).imported(line: 4),
                TestCard(serial: String(repeating: "1", count: 65), byte: 1).imported(line: 5),
                CardImport.Card(line: 6, serial: "CS-6", suite: "OCRA-1:HOTP-SHA1-6:QN08", key: good.key),
                CardImport.Card(line: 7, serial: "CS-7", suite: good.suite, key: [UInt8](repeating: 1, count: 15)),
                CardImport.Card(line: 8, serial: "CS-8", suite: good.suite, key: [UInt8](repeating: 1, count: 65)),
                TestCard(serial: "CS-9", byte: 1).imported(line: 9, pin: "123"),
                TestCard(serial: "CS-10", byte: 1).imported(line: 10, pin: "12a4"),
                TestCard(serial: "CS-11", byte: 1).imported(line: 11, pin: "1234", shortestPIN: 6),
                TestCard(serial: "CS-12", byte: 1).imported(line: 12, shortestPIN: 9),
                TestCard(serial: "CS-13", byte: 1).imported(line: 13, end: now),
                TestCard(serial: "CS-14", byte: 1).imported(line: 14, start: now + .days(1), end: now + .days(1)),
                good.imported(line: 15),
                CardImport.Card(line: 16, serial: "CS-16", suite: good.suite, key: good.key, mostWrongPINs: 0),
                CardImport.Card(line: 17, serial: "CS-17", suite: good.suite, key: good.key, mostWrongPINs: 1),
            ]
            let error = await #expect(throws: CardImportError.self) { try await self.add(world, cards) }
            guard case .refused(let refusals) = error else { throw Missing(what: "refusals") }
            let reasons: [CardImportRefusal.Reason] = [
                .badSerial, .badSerial, .badSerial, .badSerial, .unknownSuite, .keyLength(15), .keyLength(65), .badPIN,
                .badPIN, .badPIN, .pinPolicy, .dates, .dates, .twice(line: 1),
                .noWrongPIN,
            ]
            #expect(refusals.map(\.line) == Array(2...16))
            #expect(refusals.map(\.reason) == reasons)
            #expect(refusals.first?.description == "line 2: a serial has 1 to 64 letters, digits and - . _ / :")
            #expect(refusals[13].description == "line 15, card CS-3: it stands on line 1 already")
            let none = "its maker says that it ends after 0 wrong PINs"
            #expect(refusals[14].description == "line 16, card CS-16: \(none)")
            #expect(try await world.cards.stock() == 0)
        }
    }

    @Test("Serials that exist, in stock or with a user, are refused by line", arguments: StoreKind.allCases)
    func existing(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await self.add(world, [Self.card(7)])
            let before = try await world.dump()
            let cards = (1...600).map { Self.card($0) } + [Firm.alice.imported(line: 601)]
            let error = await #expect(throws: CardImportError.self) { try await self.add(world, cards) }
            guard case .refused(let refusals) = error else { throw Missing(what: "refusals") }
            #expect(refusals.map(\.line) == [7, 601])
            #expect(refusals.allSatisfy { $0.reason == .exists })
            #expect(try await world.dump() == before)
        }
    }

    @Test("At most 100 lines are named", arguments: StoreKind.allCases)
    func bounded(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let cards = (1...700).map { Self.card($0) }
            _ = try await self.add(world, cards)
            for lines in [cards, cards.map { CardImport.Card(line: $0.line, serial: "", suite: "", key: []) }] {
                let error = await #expect(throws: CardImportError.self) { try await self.add(world, lines) }
                guard case .refused(let refusals) = error else { throw Missing(what: "refusals") }
                #expect(refusals.map(\.line) == Array(1...100))
            }
        }
    }

    @Test("Nothing to import, and a file without a name", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            await #expect(throws: CardImportError.empty) { try await self.add(world, []) }
            for source in ["", "a\nb", String(repeating: "a", count: 201)] {
                await #expect(throws: CardImportError.badSource) {
                    try await self.add(world, [Self.card(1)], source: source)
                }
            }
        }
    }

    @Test("Interrupted, it imports nothing", arguments: StoreKind.allCases)
    func interrupted(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let before = try await world.dump()
            let cards = (1...1200).map { Self.card($0) }
            try await self.breakStock(world, atItsThirdStatement: true)
            await #expect(throws: SQLError.self) { try await self.add(world, cards) }
            try await self.breakStock(world, atItsThirdStatement: false)
            #expect(try await world.dump() == before)
            _ = try await self.add(world, cards)
            #expect(try await world.cards.stock() == 1200)
        }
    }

    @Test("The same file twice at once: one is imported, the other refused", arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let cards = (1...600).map { Self.card($0) }
            let isTaken = try await atOnce(2) { _ in
                do {
                    _ = try await self.add(world, cards)
                    return true
                } catch CardImportError.refused { return false }
            }
            #expect(isTaken.count { $0 } == 1)
            #expect(try await world.cards.stock() == 600)
            #expect(try await world.dump()["card_batch"].count == 1)
        }
    }

    /// A statement that took PostgreSQL's 10 seconds would be refused.
    @Test("100,000 cards", arguments: StoreKind.allCases)
    func large(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await self.add(world, (1...100_000).map { Self.card($0) })
            #expect(try await world.cards.stock() == 100_000)
        }
    }

    /// A card that the store takes no more, in the third statement of 1200 cards.
    private func breakStock(_ world: World, atItsThirdStatement isBroken: Bool) async throws {
        let statement: SQLStatement =
            switch (world.place.kind, isBroken) {
            case (.sqlite, true):
                """
                CREATE TRIGGER broken BEFORE INSERT ON card_stock WHEN NEW.serial = 'CS-301100'
                BEGIN SELECT RAISE(ABORT, 'broken'); END
                """
            case (.sqlite, false): "DROP TRIGGER broken"
            case (.postgres, true): "ALTER TABLE card_stock ADD CONSTRAINT broken CHECK (serial <> 'CS-301100')"
            case (.postgres, false): "ALTER TABLE card_stock DROP CONSTRAINT broken"
            }
        try await world.execute(statement)
    }

    static func card(_ number: Int) -> CardImport.Card {
        TestCard(serial: "CS-\(300_000 + number)", byte: UInt8(number % 251)).imported(line: number)
    }

    private func add(
        _ world: World, _ cards: [CardImport.Card], source: String = "test"
    ) async throws -> CardBatchID {
        try await CardImportFlow(environment: world.environment).add(
            CardImport(source: source, cards: cards), by: try world.staff(), origin: World.origin)
    }
}
