// Errors tell nothing of what was bound.

import Foundation
import SQL
import Testing

@Suite("Bound values stay out of errors, on both databases")
struct SecrecyTests {
    static let canary = "canary-5c3f9a"

    static let statements: [SQLStatement] = [
        "INSERT INTO item (id, name) VALUES (2, \(canary))",  // breaks the uniqueness
        "INSERT INTO item (id, name, count) VALUES (3, \(canary + "3"), -1)",
        "INSERT INTO item (id, name) VALUES (NULL, \(canary + "4"))",
        "INSERT INTO item (id, name, count) VALUES (5, \(canary + "5"), NULL)",
        "SELECT CAST(\(canary) AS BIGINT) / 0 AS n, json_extract(\("{}"), \(canary)) AS j",
        "SELECT CAST(\(canary) AS BIGINT) AS n, nothing FROM item",
        "SELECT CAST(CAST(\(canary) AS TEXT) AS BIGINT) AS n, json(\(canary)) AS j",
        "INSERT INTO item (id, count) VALUES (6, \(canary))",
        "SELEC \(canary)",
        "SELECT \(canary) FROM nowhere; SELECT 2",
    ]

    @Test(arguments: Database.allCases)
    func canary(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1, name: Self.canary)
            var failures = 0
            for statement in Self.statements {
                do {
                    try await driver.write { _ = try $0.query(statement) }
                } catch {
                    failures += 1
                    #expect(error is SQLError)
                    let words = "\(error) \(String(reflecting: error)) \(error.localizedDescription)"
                    #expect(!words.contains(Self.canary), "\(statement.template)")
                }
            }
            // SQLite takes a text for a number, and a null in a primary key.
            #expect(failures >= Self.statements.count - 2)
        }
    }

    @Test("Each error is one sentence")
    func sentences() {
        let errors: [SQLError] = [
            .conflict, .uniqueViolation("x"), .constraint("x"), .unavailable("x"), .full("x"), .readOnly("x"),
            .notADatabase("x"), .statement(code: "1", message: "x"), .wrongColumn("x"), .closed,
        ]
        #expect(errors.allSatisfy { $0.description.hasSuffix(".") && !$0.description.contains("\n") })
        #expect(Set(errors.map(\.description)).count == errors.count)
    }
}
