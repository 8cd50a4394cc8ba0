// How a database writes placeholders and the few fragments that differ.

/// Turns a statement's template into one database's text.
package struct SQLDialect: Sendable {
    /// Stands before the number of a placeholder. "$1" in SQLite is a *name*, bound in order of appearance, which would
    /// swap values silently: there it is "?1".
    private let placeholder: [UInt8]
    private let rowLock: [UInt8]
    private let sharedLock: [UInt8]
    private let bytesType: [UInt8]

    package static let sqlite = SQLDialect(placeholder: "?", rowLock: "", sharedLock: "", bytesType: "BLOB")
    package static let postgres = SQLDialect(
        placeholder: "$", rowLock: " FOR NO KEY UPDATE", sharedLock: " FOR SHARE", bytesType: "BYTEA")

    private init(placeholder: String, rowLock: String, sharedLock: String, bytesType: String) {
        self.placeholder = Array(placeholder.utf8)
        self.rowLock = Array(rowLock.utf8)
        self.sharedLock = Array(sharedLock.utf8)
        self.bytesType = Array(bytesType.utf8)
    }

    /// The database's text for a template.
    package func text(of template: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(template.utf8.count + 32)
        var number = 0
        for byte in template.utf8 {
            switch byte {
            case SQLStatement.valueMarker:
                number += 1
                bytes += self.placeholder
                bytes += String(number).utf8
            case SQLStatement.Fragment.rowLock.marker: bytes += self.rowLock
            case SQLStatement.Fragment.sharedLock.marker: bytes += self.sharedLock
            case SQLStatement.Fragment.bytesType.marker: bytes += self.bytesType
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
