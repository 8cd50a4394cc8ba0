internal import Encodings

/// A place in a JSON value (RFC 6901).
struct JSONPointer: Sendable {
    private let tokens: [String]

    /// Empty for the whole, or `/` before each token; `~1` stands for a slash, `~0` for a tilde (section 3).
    init(parsing text: String) throws(GatewaySettingsError) {
        guard text.isEmpty || text.hasPrefix("/") else { throw .malformedPointer(text) }
        self.tokens = try text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            token throws(GatewaySettingsError) in
            guard let plain = Self.unescape(token) else { throw .malformedPointer(text) }
            return plain
        }
    }

    /// nil where it points to nothing.
    func value(in value: JSONValue) -> JSONValue? {
        var value = value
        for token in self.tokens {
            guard let next = Self.step(token, in: value) else { return nil }
            value = next
        }
        return value
    }

    private static func step(_ token: String, in value: JSONValue) -> JSONValue? {
        guard case .array(let elements) = value else { return value[token] }
        // No leading zeros, no sign (section 4).
        guard let index = Int(token), String(index) == token, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    private static func unescape(_ token: Substring) -> String? {
        let parts = token.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.dropFirst().allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else { return nil }
        return parts.dropFirst().reduce(String(parts[0])) { text, part in
            text + (part.hasPrefix("1") ? "/" : "~") + part.dropFirst()
        }
    }
}

extension JSONValue {
    /// A string, or a whole number as its digits.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .null, .bool, .double, .array, .object: nil
        }
    }
}
