// Both databases give back what was bound.

import SQL
import Testing

@Suite("Values and placeholders, on both databases")
struct ValueTests {
    static let values: [SQLValue] = [
        .null, .integer(0), .integer(-1), .integer(.min), .integer(.max), .integer(1 << 32),
        .text(""), .text("plain"), .text("quote ' and \" and \\ and $1 and ?1"), .text("été 中文 👩‍👩‍👧 e\u{301}\u{202E}"),
        .text(String(repeating: "long ", count: 20_000)),
        .blob([]), .blob([0]), .blob([0, 1, 0, 255, 0]), .blob((0...255).map(UInt8.init)),
        .blob(Array(repeating: 7, count: 300_000)),
    ]

    @Test("A value comes back as it was", arguments: Database.allCases)
    func roundTrip(database: Database) async throws {
        try await database.open { driver in
            for (id, value) in Self.values.enumerated() {
                let column: SQLValue = try await driver.write { connection in
                    switch value {
                    case .integer, .null:
                        try connection.enqueue("CREATE TABLE IF NOT EXISTS number (id BIGINT, value BIGINT)")
                        try connection.enqueue("INSERT INTO number (id, value) VALUES (\(id), \(value))")
                        return try connection.query("SELECT value FROM number WHERE id = \(id)")[0].values[0]
                    case .text:
                        try connection.enqueue("INSERT INTO item (id, name) VALUES (\(id), \(value))")
                        return try connection.query("SELECT name FROM item WHERE id = \(id)")[0].values[0]
                    case .blob:
                        try connection.enqueue("INSERT INTO item (id, secret) VALUES (\(id), \(value))")
                        return try connection.query("SELECT secret FROM item WHERE id = \(id)")[0].values[0]
                    }
                }
                #expect(column == value)
            }
        }
    }

    @Test("Swift's own types and their optionals bind", arguments: Database.allCases)
    func swiftTypes(database: Database) async throws {
        try await database.open { driver in
            let none: String? = nil
            let noBytes: [UInt8]? = nil
            let noNumber: Int64? = nil
            let row = try await driver.write { connection in
                try connection.enqueue(
                    """
                    INSERT INTO item (id, name, secret, count)
                    VALUES (\(1), \("n"), \([1, 2] as [UInt8]), \(true)), (\(Int64(2)), \(none), \(noBytes), \(false))
                    """)
                #expect(try connection.execute("UPDATE item SET name = \(none) WHERE id = \(noNumber)") == 0)
                return try connection.query("SELECT id, name, secret, count FROM item ORDER BY id")
            }
            #expect(try row[0].integer("id") == 1)
            #expect(try row[0].text("name") == "n")
            #expect(try row[0].blob("secret") == [1, 2])
            #expect(try row[0].bool("count"))
            #expect(try row[1].optionalText("name") == nil)
            #expect(try row[1].optionalBlob("secret") == nil)
            #expect(try row[1].optionalBool("count") == false)
            #expect(throws: SQLError.wrongColumn("name")) { try row[1].text("name") }
            #expect(throws: SQLError.wrongColumn("id")) { try row[1].bool("id") }
            #expect(throws: SQLError.wrongColumn("id")) { try row[1].text("id") }
            #expect(throws: SQLError.wrongColumn("nothing")) { try row[1].optionalInteger("nothing") }
        }
    }

    @Test("More than nine placeholders bind in order, and a repeated value by itself", arguments: Database.allCases)
    func order(database: Database) async throws {
        try await database.open { driver in
            let rows = try await driver.read { connection in
                try connection.query(
                    """
                    SELECT \(1) AS a, \(2) AS b, \("3") AS c, \(4) AS d, \(5) AS e, \(6) AS f, \(7) AS g, \(8) AS h,
                        \(9) AS i, \(10) AS j, \("eleven") AS k, \(1) AS l, \([12]) AS m
                    """)
            }
            let expected: [SQLValue] = [
                .integer(1), .integer(2), .text("3"), .integer(4), .integer(5), .integer(6), .integer(7), .integer(8),
                .integer(9), .integer(10), .text("eleven"), .integer(1), .blob([12]),
            ]
            #expect(rows == [SQLRow(columns: "abcdefghijklm".map(String.init), values: expected)])
        }
    }

    @Test("IN lists of several lengths, an empty one too", arguments: Database.allCases)
    func lists(database: Database) async throws {
        try await database.open { driver in
            for id in 1...5 { try await driver.insert(id) }
            for ids in [[], [3], [5, 1], [1, 2, 3, 4, 5, 6]] as [[Int]] {
                let found = try await driver.read { connection in
                    let list = ids.map { SQLValue.integer(Int64($0)) }
                    let statement: SQLStatement =
                        "SELECT id FROM item WHERE id IN (\(list: list)) AND id < \(9) ORDER BY id"
                    return try connection.query(statement).map { try $0.integer("id") }
                }
                #expect(found == ids.filter { $0 < 6 }.sorted().map(Int64.init))
            }
        }
    }

    @Test("COUNT and SUM read as integers; one statement takes null and a value in turn", arguments: Database.allCases)
    func aggregates(database: Database) async throws {
        try await database.open { driver in
            for (id, count) in [(1, 7), (2, nil), (3, 10_000_001), (4, 0)] as [(Int, Int?)] {
                try await driver.write { connection in
                    try connection.enqueue("INSERT INTO item (id, count) VALUES (\(id), COALESCE(\(count), 3))")
                }
            }
            let row = try await driver.read { connection in
                try connection.query("SELECT COUNT(*) AS n, SUM(count) AS sum, SUM(count) * -1 AS minus FROM item")[0]
            }
            #expect(row.values == [.integer(4), .integer(10_000_011), .integer(-10_000_011)])
        }
    }

    @Test("Text with a NUL character is refused", arguments: Database.allCases)
    func textWithNUL(database: Database) async throws {
        try await database.open { driver in
            await #expect(throws: SQLError.textWithNUL) { try await driver.insert(1, name: "a\0b") }
            try await driver.insert(1, name: "ab")
        }
    }

    @Test("Templates become the text of each database")
    func dialects() {
        let statement: SQLStatement = "SELECT \(1) FROM item WHERE a IN (\(list: [.null, .text("x")]))\(.rowLock)"
        #expect(SQLDialect.sqlite.text(of: statement.template) == "SELECT ?1 FROM item WHERE a IN (?2, ?3)")
        let postgres = "SELECT $1 FROM item WHERE a IN ($2, $3) FOR NO KEY UPDATE"
        #expect(SQLDialect.postgres.text(of: statement.template) == postgres)
        #expect(statement.values == [.integer(1), .null, .text("x")])
    }
}
