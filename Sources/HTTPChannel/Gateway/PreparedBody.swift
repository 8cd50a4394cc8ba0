internal import Encodings

/// A body's template, parsed.
enum PreparedBody: Sendable {
    case none
    case form([TemplatePair])
    case json(JSONTemplate)
    case text(GatewayTemplate)

    init(_ body: GatewayBody) throws(GatewaySettingsError) {
        switch body {
        case .none: self = .none
        case .form(let pairs):
            self = .form(try pairs.map { pair throws(GatewaySettingsError) in try TemplatePair(pair) })
        case .json(let text):
            guard let value = try? JSONValue(parsing: Array(text.utf8)) else { throw .malformedJSON }
            self = .json(try JSONTemplate(value))
        case .text(let text): self = .text(try GatewayTemplate(parsing: text))
        }
    }

    var type: String? {
        switch self {
        case .none: nil
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .text: "text/plain; charset=UTF-8"
        }
    }

    func filled(_ values: GatewayValues) -> FilledBody? {
        switch self {
        case .none: nil
        case .form(let pairs): .form(pairs.compactMap { $0.filled(values) })
        case .json(let template): .json(template.filled(values) ?? [:])
        case .text(let template): .text(template.filled(values) ?? "")
        }
    }
}

/// A body with its values. Only here are they escaped, each as its place wants it.
enum FilledBody {
    case form([(String, String)])
    case json(JSONValue)
    case text(String)

    func encoded() -> [UInt8] {
        switch self {
        case .form(let pairs): Array(FormURLEncoded.encode(pairs).utf8)
        case .json(let value): value.encoded()
        case .text(let text): Array(text.utf8)
        }
    }
}

/// A JSON value whose strings are templates. Values go in as values: nothing that a message holds can become structure.
indirect enum JSONTemplate: Sendable {
    case fixed(JSONValue)
    case string(GatewayTemplate)
    case number(GatewayTemplate)
    case array([JSONTemplate])
    case object([(name: String, value: JSONTemplate)])

    init(_ value: JSONValue) throws(GatewaySettingsError) {
        switch value {
        case .null, .bool, .integer, .double: self = .fixed(value)
        case .string(let text) where text.hasPrefix("{{#") && text.hasSuffix("}}"):
            let name = text.dropFirst(3).dropLast(2)
            self = .number(
                try GatewayTemplate(parsing: "{{\(name)}}", allowed: [.seconds, .milliseconds, .minutes]))
        case .string(let text): self = .string(try GatewayTemplate(parsing: text))
        case .array(let elements):
            self = .array(try elements.map { element throws(GatewaySettingsError) in try JSONTemplate(element) })
        case .object(let members):
            self = .object(
                try members.map { member throws(GatewaySettingsError) in
                    (member.name, try JSONTemplate(member.value))
                })
        }
    }

    /// nil if a value is missing: the member or element is then left out, and what becomes empty by that too.
    func filled(_ values: GatewayValues) -> JSONValue? {
        switch self {
        case .fixed(let value): return value
        case .string(let template): return template.filled(values).map { .string($0) }
        case .number(let template): return template.filled(values).flatMap { Int64($0) }.map { .integer($0) }
        case .array(let elements):
            let filled = elements.compactMap { $0.filled(values) }
            return filled.isEmpty && !elements.isEmpty ? nil : .array(filled)
        case .object(let members):
            let filled = members.compactMap { member in
                member.value.filled(values).map { JSONValue.Member(member.name, $0) }
            }
            return filled.isEmpty && !members.isEmpty ? nil : .object(filled)
        }
    }
}
