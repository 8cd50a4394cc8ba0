// The `claims` parameter: claims asked for one by one (OpenID Connect Core 5.5).

package import Encodings

/// Which claims a client wants where. Names that nobody knows are kept: whoever serves claims leaves them out.
package struct ClaimsRequest: Hashable, Sendable {
    package struct Wish: Hashable, Sendable {
        package let isEssential: Bool
        /// Any of these, in the order of preference; empty where any value will do.
        package let values: [JSONValue]

        package init(isEssential: Bool, values: [JSONValue]) {
            self.isEssential = isEssential
            self.values = values
        }
    }

    package let userInformation: [String: Wish]
    package let idToken: [String: Wish]

    package static let nothing = ClaimsRequest(userInformation: [:], idToken: [:])

    private init(userInformation: [String: Wish], idToken: [String: Wish]) {
        self.userInformation = userInformation
        self.idToken = idToken
    }

    /// - Throws: ``ClaimsRequestError`` unless it is what section 5.5 describes. Unknown members are ignored.
    package init(parsing text: String) throws(ClaimsRequestError) {
        guard text.utf8.count <= 4_096, let value = try? JSONValue(parsing: text.utf8), case .object = value else {
            throw .malformed
        }
        self.userInformation = try Self.wishes(value["userinfo"])
        self.idToken = try Self.wishes(value["id_token"])
    }

    private static func wishes(_ value: JSONValue?) throws(ClaimsRequestError) -> [String: Wish] {
        switch value {
        case nil, .null?: return [:]
        case .object(let members)?:
            var wishes: [String: Wish] = [:]
            for member in members { wishes[member.name] = try self.wish(member.value) }
            return wishes
        default: throw .malformed
        }
    }

    private static func wish(_ value: JSONValue) throws(ClaimsRequestError) -> Wish {
        guard value != .null else { return Wish(isEssential: false, values: []) }
        guard case .object = value else { throw .malformed }
        let isEssential =
            switch value["essential"] {
            case nil: false
            case .bool(let flag)?: flag
            default: throw ClaimsRequestError.malformed
            }
        return Wish(isEssential: isEssential, values: try self.values(value))
    }

    private static func values(_ wish: JSONValue) throws(ClaimsRequestError) -> [JSONValue] {
        switch (wish["value"], wish["values"]) {
        case (nil, nil): return []
        case (let value?, nil): return [value]
        case (nil, .array(let values)?) where !values.isEmpty: return values
        default: throw .malformed
        }
    }
}

package enum ClaimsRequestError: Error, Hashable, Sendable {
    case malformed
}
