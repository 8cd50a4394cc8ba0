// The fields of a form or query string, as FormURLEncoded gives them.

/// Fields by name, each name once. Values are as sent: an empty one is `""`, not absent.
package struct FormFields: Sendable {
    private var fields: [(name: String, value: String)] = []

    package init() {}

    package var names: [String] { self.fields.map(\.name) }
    package var count: Int { self.fields.count }

    /// The value, or `nil` if the field was not sent.
    package subscript(name: String) -> String? {
        self.fields.first { Self.same($0.name, name) }?.value
    }

    /// The same fields as text again, in their order.
    package func encoded() -> String {
        FormURLEncoded.encode(self.fields.map { ($0.name, $0.value) })
    }

    mutating func append(_ name: String, _ value: String) throws(FormError) {
        guard self[name] == nil else { throw .repeated(name) }
        self.fields.append((name, value))
    }

    /// `==` of `String` takes U+212A KELVIN SIGN for "K": a field name is its bytes.
    private static func same(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one.utf8.elementsEqual(other.utf8)
    }
}

/// Why a form was refused. Names the field, or counts it from 1 where the name itself was bad; never a value.
package enum FormError: Error, Hashable, Sendable {
    case tooManyFields(limit: Int)
    case malformedName(field: Int)
    case nameTooLong(field: Int, limit: Int)
    case repeated(String)
    case malformedEscape(in: String)
    case invalidUTF8(in: String)
    case controlCharacter(in: String)
}

extension FormError: CustomStringConvertible {
    /// For whoever sent the form, in characters that an OAuth `error_description` may hold (RFC 6749 §5.2).
    package var description: String {
        switch self {
        case .tooManyFields(let limit): "there are more than \(limit) fields"
        case .malformedName(let field): "the name of field \(field) is malformed"
        case .nameTooLong(let field, let limit): "the name of field \(field) is longer than \(limit) bytes"
        case .repeated(let name): "\(name) is given more than once"
        case .malformedEscape(let name): "\(name) has a malformed percent escape"
        case .invalidUTF8(let name): "\(name) is not UTF-8"
        case .controlCharacter(let name): "\(name) holds a control character"
        }
    }
}
