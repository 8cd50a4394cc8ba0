// PostgreSQL's error codes (Appendix A of its manual) in the words that both drivers use.

import CPostgres
import SQL

extension SQLError {
    /// - Parameter result: a result of status PGRES_FATAL_ERROR.
    init(postgres result: OpaquePointer) {
        let code = Self.field(CChar(bitPattern: UInt8(ascii: "C")), of: result) ?? ""
        let message = Self.field(CChar(bitPattern: UInt8(ascii: "M")), of: result) ?? "the connection was lost"
        let constraint = Self.field(CChar(bitPattern: UInt8(ascii: "n")), of: result)
        self.init(sqlState: code, message: message, constraint: constraint)
    }

    init(sqlState: String, message: String, constraint: String?) {
        switch sqlState {
        case "40001", "40P01", "55P03": self = .conflict
        case "22012": self = .conflict  // a division by zero: `enqueueOne` changed another number of rows than one
        case "23505": self = .uniqueViolation(constraint ?? message)
        case "25006": self = .readOnly(message)
        case "53100": self = .full(message)
        case "", "57014": self = .unavailable(message.trimmed)
        default:
            switch sqlState.prefix(2) {
            case "08", "53", "57", "58", "28", "3D": self = .unavailable(message)
            case "23": self = .constraint(constraint ?? message)
            default: self = .statement(code: sqlState, message: Self.safe(message, sqlState: sqlState))
            }
        }
    }

    /// Whether the connection is of no more use: it is gone, leads to a server that only reads, or holds statements
    /// prepared for tables that have changed since.
    static func endsConnection(sqlState: String) -> Bool {
        sqlState.isEmpty || sqlState.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(sqlState)
            || ["25006", "26000", "0A000"].contains(sqlState)
    }

    static func sqlState(of result: OpaquePointer) -> String {
        self.field(CChar(bitPattern: UInt8(ascii: "C")), of: result) ?? ""
    }

    /// The message of a syntax error quotes the statement's text, which is ours. That of a data error (class 22) or of a
    /// function quotes the value. DETAIL, which always does, is not read at all.
    private static func safe(_ message: String, sqlState: String) -> String {
        ["42", "0A", "25", "26", "55", "54"].contains(sqlState.prefix(2)) ? message : "PostgreSQL refused a value"
    }

    private static func field(_ code: CChar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, CInt(code)).map { String(cString: $0) }
    }
}

extension String {
    /// libpq ends its messages with a line break, and puts several lines into some.
    var trimmed: String { self.split(whereSeparator: \.isNewline).joined(separator: "; ") }
}
