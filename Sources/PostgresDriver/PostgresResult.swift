// A result in PostgreSQL's binary format.

import CPostgres
import SQL

/// One command's result; frees libpq's memory when it is let go.
final class PostgresResult {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(self.handle) }

    var status: ExecStatusType { PQresultStatus(self.handle) }
    var columns: [String] { (0..<PQnfields(self.handle)).map { String(cString: PQfname(self.handle, $0)) } }
    /// "COMMIT", or "ROLLBACK" if the server did that instead.
    var command: String { String(cString: PQcmdStatus(self.handle)) }
    /// A SELECT's figure counts the rows that it found, not changed.
    var rowsChanged: Int {
        self.command.hasPrefix("SELECT") ? 0 : Int(String(cString: PQcmdTuples(self.handle))) ?? 0
    }

    func rows(columns: [String]) throws(SQLError) -> [SQLRow] {
        var rows: [SQLRow] = []
        for row in 0..<PQntuples(self.handle) {
            var values: [SQLValue] = []
            values.reserveCapacity(columns.count)
            for (column, name) in columns.enumerated() {
                guard let value = self.value(row, CInt(column)) else { throw .wrongColumn(name) }
                values.append(value)
            }
            rows.append(SQLRow(columns: columns, values: values))
        }
        return rows
    }

    private func value(_ row: CInt, _ column: CInt) -> SQLValue? {
        guard PQgetisnull(self.handle, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(self.handle, row, column), count: Int(PQgetlength(self.handle, row, column)))
        return switch PQftype(self.handle, column) {
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.bool: .integer(Self.integer(bytes))
        case PostgresType.text, PostgresType.varchar, PostgresType.name: .text(String(decoding: bytes, as: UTF8.self))
        case PostgresType.bytea: .blob(Array(bytes))
        case PostgresType.numeric: Self.numeric(bytes).map(SQLValue.integer)
        case PostgresType.void: .null
        default: nil
        }
    }

    /// Big-endian, of one, two, four or eight bytes.
    private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        guard bytes.count > 1 else { return Int64(bytes.first ?? 0) }  // a boolean
        let sign: Int64 = (bytes.first ?? 0) & 0x80 == 0 ? 0 : -1
        return bytes.reduce(sign) { $0 << 8 | Int64($1) }
    }

    /// `SUM` of BIGINT is NUMERIC: digits to the base 10,000 after a header of four 16-bit fields (count, weight, sign,
    /// scale). Nil if it is no whole number of 64 bits.
    private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let fields = stride(from: 0, to: bytes.count - 1, by: 2).map { Int64(bytes[$0]) << 8 | Int64(bytes[$0 + 1]) }
        guard fields.count >= 4, fields[2] == 0 || fields[2] == 0x4000 else { return nil }
        let weight = Int(Int16(truncatingIfNeeded: fields[1]))
        let digits = fields.dropFirst(4)
        guard digits.count <= weight + 1 || digits.isEmpty else { return nil }
        var value: Int64 = 0
        let padding = repeatElement(Int64(0), count: max(0, weight + 1 - digits.count))
        for digit in Array(digits) + padding {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, carry) = product.subtractingReportingOverflow(digit)  // negative: Int64.min has no positive twin
            guard !overflow, !carry else { return nil }
            value = sum
        }
        if fields[2] == 0x4000 { return value }
        return value == .min ? nil : -value
    }
}
