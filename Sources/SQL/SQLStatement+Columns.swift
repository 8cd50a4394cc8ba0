extension SQLStatement.StringInterpolation {
    /// A list of columns that several statements share. It comes from the source code, so it holds no value.
    package mutating func appendInterpolation(columns: StaticString) { self.appendLiteral("\(columns)") }
}
