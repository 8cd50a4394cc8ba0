internal import Encodings

extension JSONValue {
    /// The same without what moves a terminal's cursor or sets its clipboard: the server may be the wrong one, and a name in
    /// it somebody's joke. Each control character but the end of a line becomes U+FFFD.
    var printable: JSONValue {
        switch self {
        case .null, .bool, .integer, .double: self
        case .string(let text): .string(Self.printable(text))
        case .array(let values): .array(values.map(\.printable))
        case .object(let members): .object(members.map { Member(Self.printable($0.name), $0.value.printable) })
        }
    }

    private static func printable(_ text: String) -> String {
        let isControl = { (scalar: Unicode.Scalar) in
            scalar != "\n" && scalar.properties.generalCategory == .control
        }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }
}
