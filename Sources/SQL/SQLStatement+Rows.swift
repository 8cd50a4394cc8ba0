extension SQLStatement.StringInterpolation {
    /// Rows for `INSERT … VALUES \(rows: rows)`: one statement for all of them. There must be at least one, and all must
    /// have the same number of values.
    package mutating func appendInterpolation(rows: [[SQLValue]]) {
        for (index, row) in rows.enumerated() {
            self.appendLiteral(index == 0 ? "(" : ", (")
            self.appendInterpolation(list: row)
            self.appendLiteral(")")
        }
    }
}
