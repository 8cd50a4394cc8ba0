// A statement is text from the source code, with values bound in it.

/// A statement to run: `"SELECT name FROM user WHERE id = \(id)\(.rowLock)"`.
///
/// Values bind by interpolation. It is not a `String`, and no `String` becomes part of its text: what is written in the
/// source is SQL, what comes at run time is a value.
package struct SQLStatement: ExpressibleByStringInterpolation, Sendable {
    /// The text, with one marker character where each value goes and one where each dialect fragment goes. The same
    /// place in the source gives the same template (a list: for the same length), so drivers keep prepared statements by it.
    package let template: String

    /// The values in order of appearance.
    package let values: [SQLValue]

    package init(stringLiteral text: String) {
        Self.refuseMarkers(in: text)
        self.template = text
        self.values = []
    }

    private init(template: String, values: [SQLValue]) {
        self.template = template
        self.values = values
    }

    /// The same statement as a part of another, for drivers alone.
    package func enclosed(in before: StaticString, _ after: StaticString) -> SQLStatement {
        SQLStatement(template: "\(before)\(self.template)\(after)", values: self.values)
    }

    package init(stringInterpolation: StringInterpolation) {
        self.template = stringInterpolation.template
        self.values = stringInterpolation.values
    }

    /// A part of the text that the databases write differently.
    package enum Fragment: Sendable, CaseIterable {
        /// Holds the row until the commit: " FOR NO KEY UPDATE" on PostgreSQL, which lets rows that refer to it be
        /// added meanwhile (a plain FOR UPDATE would not, and two orders of locks would meet in it); nothing on SQLite,
        /// where a writer is alone.
        case rowLock
        /// Keeps the row as it is until the commit, together with others that do the same: " FOR SHARE" on PostgreSQL,
        /// nothing on SQLite.
        case sharedLock
        /// The type of a column of bytes in `CREATE TABLE`: BYTEA or BLOB.
        case bytesType

        var marker: UInt8 {
            switch self {
            case .rowLock: 0x02
            case .bytesType: 0x03
            case .sharedLock: 0x04
            }
        }
    }

    static let valueMarker: UInt8 = 0x01

    fileprivate static func refuseMarkers(in literal: String) {
        assert(!literal.utf8.contains { (0x01...0x04).contains($0) }, "a statement's text holds a marker character")
    }
}

extension SQLStatement {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var template = ""
        fileprivate var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            self.template.reserveCapacity(literalCapacity + interpolationCount)
            self.values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            SQLStatement.refuseMarkers(in: literal)
            self.template += literal
        }

        package mutating func appendInterpolation(_ value: SQLValue) {
            self.template.unicodeScalars.append(Unicode.Scalar(SQLStatement.valueMarker))
            self.values.append(value)
        }

        package mutating func appendInterpolation(_ value: Int?) { self.appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: Int64?) { self.appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: Bool?) { self.appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: String?) { self.appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: [UInt8]?) { self.appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: SQLValue?) { self.appendInterpolation(value ?? .null) }

        package mutating func appendInterpolation(_ fragment: Fragment) {
            self.template.unicodeScalars.append(Unicode.Scalar(fragment.marker))
        }

        /// Comma-separated placeholders, for `IN (\(list: ids))`. An empty list binds one null, which `IN` never finds.
        /// Not for `NOT IN`: with a null, nothing is found there either.
        package mutating func appendInterpolation(list: [SQLValue]) {
            self.appendInterpolation(list.first ?? .null)
            for value in list.dropFirst() {
                self.template += ", "
                self.appendInterpolation(value)
            }
        }
    }
}
