/// The one place where a sealed value may stand: table, column, and what names the row, with its version.
///
/// It is authenticated with the value, so that a value copied onto another row, user or column does not open.
package struct SealedPlace: Hashable, Sendable {
    /// The table and the column: `security_card.key`.
    package let column: String
    let bytes: [UInt8]

    /// - Parameter row: what names the row, in a fixed order: for an authenticator its user, itself, its version.
    package init(table: StaticString, column: StaticString, row: [[UInt8]]) {
        self.column = "\(table).\(column)"
        self.bytes = ([Array("\(table)".utf8), Array("\(column)".utf8)] + row).flatMap(Self.lengthPrefixed)
    }

    /// Two different lists of parts never give the same bytes.
    private static func lengthPrefixed(_ part: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: UInt32(part.count) >> (24 - 8 * $0)) } + part
    }
}
