// Values in and out of SQLite's prepared statements.

import GRDBSQLite
import SQL

/// Tells SQLite to copy what it is given (`SQLITE_TRANSIENT`, a macro that Swift does not import).
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

extension SQLValue {
    /// Binds the value; the result is SQLite's result code.
    func bind(at position: CInt, of handle: OpaquePointer) throws(SQLError) -> CInt {
        switch self {
        case .null: return sqlite3_bind_null(handle, position)
        case .integer(let value): return sqlite3_bind_int64(handle, position, value)
        case .text(let text): return try Self.bind(text, at: position, of: handle)
        // A null pointer would bind NULL, and an empty array may have one.
        case .blob([]): return sqlite3_bind_zeroblob(handle, position, 0)
        case .blob(let bytes): return sqlite3_bind_blob(handle, position, bytes, CInt(bytes.count), copied)
        }
    }

    private static func bind(_ text: String, at position: CInt, of handle: OpaquePointer) throws(SQLError) -> CInt {
        guard !text.utf8.contains(0) else { throw .textWithNUL }
        var text = text
        return text.withUTF8 { sqlite3_bind_text(handle, position, $0.baseAddress, CInt($0.count), copied) }
    }

    fileprivate init(column: CInt, name: String, handle: OpaquePointer) throws(SQLError) {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: self = .null
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(handle, column))
        case SQLITE_TEXT:
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_text(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
            self = .blob(Array(bytes))
        default: throw .wrongColumn(name)  // a floating-point number
        }
    }
}

extension SQLRow {
    /// The row on which the statement stands.
    init(columns: [String], handle: OpaquePointer) throws(SQLError) {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for (index, name) in columns.enumerated() {
            values.append(try SQLValue(column: CInt(index), name: name, handle: handle))
        }
        self.init(columns: columns, values: values)
    }
}
