// One row of a result, read by column name.

/// A row. Each reader names a column, and throws `SQLError.wrongColumn` if there is none or it holds something else.
package struct SQLRow: Sendable, Hashable {
    /// The names in the result's order; one array, shared by all its rows.
    package let columns: [String]
    package let values: [SQLValue]

    package init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package func integer(_ column: String) throws(SQLError) -> Int64 {
        guard case .integer(let value) = try self.value(column) else { throw .wrongColumn(column) }
        return value
    }

    package func optionalInteger(_ column: String) throws(SQLError) -> Int64? {
        try self.value(column) == .null ? nil : self.integer(column)
    }

    package func text(_ column: String) throws(SQLError) -> String {
        guard case .text(let value) = try self.value(column) else { throw .wrongColumn(column) }
        return value
    }

    package func optionalText(_ column: String) throws(SQLError) -> String? {
        try self.value(column) == .null ? nil : self.text(column)
    }

    package func blob(_ column: String) throws(SQLError) -> [UInt8] {
        guard case .blob(let value) = try self.value(column) else { throw .wrongColumn(column) }
        return value
    }

    package func optionalBlob(_ column: String) throws(SQLError) -> [UInt8]? {
        try self.value(column) == .null ? nil : self.blob(column)
    }

    /// 0 or 1; any other integer is refused.
    package func bool(_ column: String) throws(SQLError) -> Bool {
        switch try self.value(column) {
        case .integer(0): false
        case .integer(1): true
        default: throw .wrongColumn(column)
        }
    }

    package func optionalBool(_ column: String) throws(SQLError) -> Bool? {
        try self.value(column) == .null ? nil : self.bool(column)
    }

    private func value(_ column: String) throws(SQLError) -> SQLValue {
        guard let index = self.columns.firstIndex(of: column) else { throw .wrongColumn(column) }
        return self.values[index]
    }
}
