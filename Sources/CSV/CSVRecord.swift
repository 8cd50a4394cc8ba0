// CSV: comma-separated values as RFC 4180 has them, read strictly and one record at a time. Not here: other separators,
// other encodings than UTF-8, guessing.

/// One line, or more where a quoted field goes over lines.
package struct CSVRecord: Hashable, Sendable {
    /// Where it begins, from 1.
    package let line: Int
    package let fields: [String]
}

/// Why a file is not CSV, and on which line. It carries no piece of the file: that may be a secret.
package struct CSVError: Error, Hashable, Sendable {
    package let line: Int
    package let reason: Reason

    package enum Reason: Hashable, Sendable {
        case unreadable(String)
        case notUTF8
        case controlCharacter
        case strayQuote
        case unclosedQuote
        case emptyLine
        case tooLong
    }
}

extension CSVError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let why): "the file cannot be read: \(why)"
        case .notUTF8: "the text is not UTF-8"
        case .controlCharacter: "there is a control character, or a carriage return without line feed"
        case .strayQuote: "a quotation mark stands where none may: quote the whole field and double the marks in it"
        case .unclosedQuote: "the file ends in a quoted field"
        case .emptyLine: "the line is empty"
        case .tooLong: "a field is too long, or there are too many"
        }
    }
}
