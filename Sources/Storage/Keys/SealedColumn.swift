internal import SQL
internal import Sealing

/// A column that holds sealed values. ``all`` names every one of them: nothing is sealed for a column that is not in it,
/// since a change of keys would leave its values behind.
struct SealedColumn: Sendable {
    enum RowName: Sendable { case text, bytes }

    let table: StaticString
    let column: StaticString
    let id: StaticString
    private let kind: RowName
    private let naming: StaticString
    private let source: StaticString
    private let place: @Sendable (SQLRow) throws -> SealedPlace

    /// - Parameters:
    ///   - id: the column that names the row, alone.
    ///   - naming: what else the place is made of, as SQL.
    ///   - source: where it comes from, as SQL, with the table as `t`.
    ///   - place: the place of the value in a row with `id` and what `naming` names.
    init(
        _ table: StaticString, _ column: StaticString, id: StaticString, _ kind: RowName, naming: StaticString,
        from source: StaticString, place: @escaping @Sendable (SQLRow) throws -> SealedPlace
    ) {
        self.table = table
        self.column = column
        self.id = id
        self.kind = kind
        self.naming = naming
        self.source = source
        self.place = place
    }

    static let all: [SealedColumn] =
        [Self.serverSecret] + SigningKeyRepository.sealedColumns + UserRepository.sealedColumns
        + CardRepository.sealedColumns + CardStockRepository.sealedColumns + CardLifeRepository.sealedColumns
        + OutboxRepository.sealedColumns + PhoneNumberRepository.sealedColumns
        + LoginCodeRepository.sealedColumns + NumberCheckRepository.sealedColumns

    static let names = Set(Self.all.map(\.name))

    var name: String { "\(self.table).\(self.column)" }

    private static let serverSecret = SealedColumn(
        "server_secret", "sealed", id: "name", .text, naming: "t.name", from: "server_secret t"
    ) { row in
        Self.serverSecretPlace(try row.text("id"))
    }

    static func serverSecretPlace(_ name: String) -> SealedPlace {
        SealedPlace(table: "server_secret", column: "sealed", row: [Array(name.utf8)])
    }

    /// Stands before the first row.
    var beforeAll: SQLValue {
        switch self.kind {
        case .text: .text("")
        case .bytes: .blob([])
        }
    }

    /// Rows whose value was sealed under another key than the one with this header, after one row, in order.
    func others(than header: [UInt8], after row: SQLValue, most: Int, in connection: any SQLConnection) throws -> [Row]
    {
        try connection.query(
            """
            SELECT t.\(columns: self.id) AS id, t.\(columns: self.column) AS sealed_value, \(columns: self.naming)
            FROM \(columns: self.source)
            WHERE t.\(columns: self.id) > \(row) AND substr(t.\(columns: self.column), 1, 5) <> \(header)
            ORDER BY t.\(columns: self.id) LIMIT \(most)
            """
        ).map { row in
            Row(id: row.values[0], sealed: try row.blob("sealed_value"), place: try self.place(row))
        }
    }

    /// How many values were sealed under other keys than the one with this header, or under this one.
    func count(under header: [UInt8], in connection: any SQLConnection) throws -> (others: Int64, own: Int64) {
        let row = try connection.query(
            """
            SELECT COUNT(t.\(columns: self.column)) AS every,
                COUNT(CASE WHEN substr(t.\(columns: self.column), 1, 5) = \(header) THEN 1 END) AS own
            FROM \(columns: self.table) t
            """
        ).first
        let (every, own) = (try row?.integer("every") ?? 0, try row?.integer("own") ?? 0)
        return (every - own, own)
    }

    /// Puts a value in the place of the same one, sealed before. Whoever changed it meanwhile has sealed it anew.
    func replace(_ row: Row, by sealed: [UInt8], in connection: any SQLConnection) throws {
        try connection.enqueue(
            """
            UPDATE \(columns: self.table) SET \(columns: self.column) = \(sealed)
            WHERE \(columns: self.id) = \(row.id) AND \(columns: self.column) = \(row.sealed)
            """)
    }

    struct Row {
        let id: SQLValue
        let sealed: [UInt8]
        let place: SealedPlace
    }
}
