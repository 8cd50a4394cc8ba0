internal import Encodings
internal import HTTPEdge
internal import Time

/// The sentences of one language. A missing key is a programming error that a test finds in both catalogues.
struct Messages: Sendable {
    let language: Language
    private let catalogue: JSONValue

    /// - Throws: `JSONError` when the embedded catalogue is damaged.
    init(_ language: Language) throws {
        self.language = language
        let bytes =
            switch language {
            case .english: PackageResources.messages_en_json
            case .traditionalChinese: PackageResources.messages_zh_Hant_json
            }
        self.catalogue = try JSONValue(parsing: bytes)
    }

    /// The sentence under a key such as `login.errors.wrong_credentials`, with `{name}` replaced.
    func text(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        guard case .string(let text)? = self.find(key) else { return key }
        return values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The sentence for a number: `key_one` or `key_other`.
    func text(_ key: String, count: Int64, as name: String = "count") -> String {
        self.text("\(key)_\(count == 1 ? "one" : "other")", [name: "\(count)"])
    }

    func has(_ key: String) -> Bool {
        if case .string? = self.find(key) { true } else { false }
    }

    /// A length of time in its largest unit, rounded up: a wait must not be told too short.
    func duration(_ span: Span) -> String {
        let seconds = max(1, span.secondsRoundedUp)
        if seconds < 60 { return self.text("durations.seconds", count: seconds) }
        let minutes = (seconds + 59) / 60
        if minutes < 60 { return self.text("durations.minutes", count: minutes) }
        return self.text("durations.hours", count: (minutes + 59) / 60)
    }

    /// The catalogue as templates read it: `{{t.login.title}}`.
    var tree: [String: Any] { Self.tree(self.catalogue) as? [String: Any] ?? [:] }

    /// Every key that holds a sentence.
    var keys: Set<String> { Self.keys(self.catalogue, prefix: "") }

    private func find(_ key: String) -> JSONValue? {
        key.split(separator: ".").reduce(Optional(self.catalogue)) { $0?[String($1)] }
    }

    private static func tree(_ value: JSONValue) -> Any {
        switch value {
        case .object(let members): Dictionary(uniqueKeysWithValues: members.map { ($0.name, Self.tree($0.value)) })
        case .string(let text): text
        case .null, .bool, .integer, .double, .array: ""
        }
    }

    private static func keys(_ value: JSONValue, prefix: String) -> Set<String> {
        guard case .object(let members) = value else { return [prefix] }
        return members.reduce(into: []) { keys, member in
            keys.formUnion(Self.keys(member.value, prefix: prefix.isEmpty ? member.name : "\(prefix).\(member.name)"))
        }
    }
}
