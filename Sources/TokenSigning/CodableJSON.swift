internal import Encodings

/// A JSON value on its way through `Codable`, for a library that takes nothing else.
struct CodableJSON: Codable {
    let value: JSONValue

    init(value: JSONValue) { self.value = value }

    init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Name.self) {
            self.value = .object(
                try members.allKeys.map {
                    JSONValue.Member($0.stringValue, try members.decode(CodableJSON.self, forKey: $0).value)
                })
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !elements.isAtEnd { values.append(try elements.decode(CodableJSON.self).value) }
            self.value = .array(values)
            return
        }
        self.value = try Self.scalar(try decoder.singleValueContainer())
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let flag = try? container.decode(Bool.self) { return .bool(flag) }
        if let number = try? container.decode(Int64.self) { return .integer(number) }
        if let number = try? container.decode(Double.self) { return .double(number) }
        return .string(try container.decode(String.self))
    }

    func encode(to encoder: any Encoder) throws {
        switch self.value {
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for member in members {
                try container.encode(CodableJSON(value: member.value), forKey: Name(member.name))
            }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(CodableJSON(value: value)) }
        case .null, .bool, .integer, .double, .string:
            var container = encoder.singleValueContainer()
            try Self.encodeScalar(self.value, into: &container)
        }
    }

    private static func encodeScalar(
        _ value: JSONValue, into container: inout any SingleValueEncodingContainer
    ) throws {
        switch value {
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .double(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .null, .object, .array: try container.encodeNil()
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { self.stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
