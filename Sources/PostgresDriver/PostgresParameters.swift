// Bound values on their way to the server, in PostgreSQL's binary format.

import CPostgres
import SQL

/// A statement's values as libpq wants them.
struct PostgresParameters {
    /// BIGINT, TEXT, BYTEA; 0 leaves the type of a null to the server.
    private(set) var types: [Oid] = []
    private var lengths: [CInt] = []
    private var offsets: [Int?] = []
    private var bytes: [UInt8] = []

    init(_ values: [SQLValue]) throws(SQLError) {
        for value in values { try self.append(value) }
        self.bytes.append(0)  // so that an empty value at the end has an address: a null pointer is NULL
    }

    private mutating func append(_ value: SQLValue) throws(SQLError) {
        let start = self.bytes.count
        switch value {
        case .null: self.types.append(0)
        case .integer(let integer):
            self.types.append(PostgresType.int8)
            withUnsafeBytes(of: integer.bigEndian) { self.bytes += $0 }
        case .text(let text):
            guard !text.utf8.contains(0) else { throw .textWithNUL }
            self.types.append(PostgresType.text)
            self.bytes += text.utf8
        case .blob(let blob):
            self.types.append(PostgresType.bytea)
            self.bytes += blob
        }
        self.offsets.append(value == .null ? nil : start)
        self.lengths.append(CInt(self.bytes.count - start))
    }

    /// Calls back with libpq's four parallel arrays; the pointers are good for the call.
    func withPointers<Result>(
        _ body: (CInt, [UnsafePointer<CChar>?], _ lengths: [CInt], _ formats: [CInt]) -> Result
    ) -> Result {
        self.bytes.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            let pointers = self.offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return body(CInt(self.types.count), pointers, self.lengths, self.types.map { _ in 1 })
        }
    }
}

/// Numbers of the types that we send or read (`pg_type`).
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let varchar: Oid = 1043
    static let void: Oid = 2278
    static let numeric: Oid = 1700
}
