package import SQL

/// Everything that a database holds, as tests compare and search it.
package struct Dump: Hashable, Sendable {
    /// By table, each with its rows in a fixed order.
    package let tables: [String: [[String: SQLValue]]]

    package static func of(_ driver: any SQLDriver) async throws -> Dump {
        let kind = driver.name
        let tables = try await driver.read { connection in
            var tables: [String: [[String: SQLValue]]] = [:]
            for name in try Self.names(connection, kind) {
                tables[name] = try connection.query(Self.everything(of: name)).map { row in
                    Dictionary(zip(row.columns, row.values)) { $1 }
                }
            }
            return tables
        }
        return Dump(tables: tables.mapValues { $0.sorted { "\($0.sorted(by: <))" < "\($1.sorted(by: <))" } })
    }

    private static func names(_ connection: any SQLConnection, _ kind: String) throws -> [String] {
        let rows =
            kind == "SQLite"
            ? try connection.query("SELECT name FROM sqlite_master WHERE type = 'table'")
            : try connection.query(
                "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'")
        return try rows.map { try $0.text("name") }
    }

    /// A statement's text comes from the source alone, so a table's name goes in as a literal of this initialiser.
    private static func everything(of table: String) -> SQLStatement {
        SQLStatement(stringLiteral: "SELECT * FROM " + table)
    }

    package subscript(table: String) -> [[String: SQLValue]] { self.tables[table] ?? [] }

    package func without(_ tables: String...) -> Dump {
        Dump(tables: self.tables.filter { !tables.contains($0.key) })
    }

    private init(tables: [String: [[String: SQLValue]]]) { self.tables = tables }

    /// Every text and every blob, with where it stands.
    package var cells: [(place: String, bytes: [UInt8])] {
        self.tables.flatMap { table, rows in
            rows.flatMap { row in
                row.compactMap { column, value -> (String, [UInt8])? in
                    switch value {
                    case .null: nil
                    case .integer(let number): ("\(table).\(column)", Array("\(number)".utf8))
                    case .text(let text): ("\(table).\(column)", Array(text.utf8))
                    case .blob(let bytes): ("\(table).\(column)", bytes)
                    }
                }
            }
        }
    }
}

private func < (left: (key: String, value: SQLValue), right: (key: String, value: SQLValue)) -> Bool {
    left.key < right.key
}
