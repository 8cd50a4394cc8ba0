// The values that both databases store alike.

/// What a column holds: BIGINT, TEXT, or BYTEA/BLOB. There is no boolean (PostgreSQL refuses the integer 1 for one) and
/// no floating-point number. Text holds no NUL character: PostgreSQL cannot store it.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension SQLValue {
    package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    package init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
    package init(_ value: Bool?) { self = value.map { .integer($0 ? 1 : 0) } ?? .null }
    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: [UInt8]?) { self = value.map { .blob($0) } ?? .null }
}

extension SQLError {
    /// What either driver says to a text with a NUL character. SQLite would take it, and cut it short in functions.
    package static let textWithNUL = SQLError.statement(code: "22021", message: "a text value holds a NUL character")
}
