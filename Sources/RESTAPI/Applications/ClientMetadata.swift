package import Applications
package import Encodings
internal import OAuth
internal import TokenSigning

/// An application's registration as JSON: in calls of the admin API and in an operator's file. The members are named as in
/// OpenID Connect Dynamic Client Registration, where that has a name for them.
package enum ClientMetadata {
    /// Every member, in the order in which it is shown.
    static let names = [
        "name", "name_zh_hant", "kind", "surface", "token_endpoint_auth_method", "jwks", "id_token_signed_response_alg",
        "redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "backchannel_logout_session_required",
        "permissions",
    ]

    /// Reads the members of a registration, and leaves the others to the caller.
    ///
    /// - Throws: ``ClientMetadataError``, `JSONMemberError`.
    package static func read(_ reader: inout JSONObjectReader) throws -> ApplicationRegistration {
        let kind: ApplicationKind = try Self.choice("kind", &reader) ?? .web
        let method: ClientCredentials.Method? = try Self.choice("token_endpoint_auth_method", &reader)
        return ApplicationRegistration(
            name: try reader.string("name", minimum: 1, maximum: 200),
            nameInTraditionalChinese: try reader.optionalString("name_zh_hant", minimum: 1, maximum: 200), kind: kind,
            redirectURIs: try Self.addresses("redirect_uris", kind, &reader),
            postLogoutRedirectURIs: try Self.addresses("post_logout_redirect_uris", kind, &reader),
            permissions: try Self.permissions(&reader), authentication: method,
            keys: try Self.keys(for: method, &reader),
            idTokenAlgorithm: try Self.choice("id_token_signed_response_alg", &reader) ?? .es256,
            backchannelLogoutURI: try Self.backchannelLogout(&reader),
            surface: try Self.choice("surface", &reader) ?? .webPortal)
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ reader: inout JSONObjectReader
    ) throws -> Value? {
        guard let text = try reader.optionalString(name, maximum: 40) else { return nil }
        guard let value = Value(rawValue: text) else { throw ClientMetadataError.notOneOf(name, Value.words) }
        return value
    }

    /// Checked as they will be used, and kept as they were given.
    private static func keys(
        for method: ClientCredentials.Method?, _ reader: inout JSONObjectReader
    ) throws -> JSONValue? {
        let set = try reader.optionalValue("jwks")
        guard (set != nil) == (method == .privateKey) else { throw ClientMetadataError.keysAndMethod }
        guard let set else { return nil }
        do throws(ClientKeyError) {
            _ = try ClientKeySet(set)
        } catch { throw ClientMetadataError.keys("\(error)") }
        return set
    }

    private static func permissions(_ reader: inout JSONObjectReader) throws -> Set<ApplicationPermission> {
        Set(
            try Self.texts("permissions", &reader).map { text in
                guard let permission = ApplicationPermission(rawValue: text) else {
                    throw ClientMetadataError.otherThan("permissions", ApplicationPermission.words)
                }
                return permission
            })
    }

    private static func addresses(
        _ name: String, _ kind: ApplicationKind, _ reader: inout JSONObjectReader
    ) throws -> [String] {
        try Self.texts(name, &reader).map { text in
            do throws(AddressError) {
                return try RedirectURI(parsing: text, native: kind == .native).text
            } catch { throw ClientMetadataError.address(name, "\(error)") }
        }
    }

    private static func backchannelLogout(_ reader: inout JSONObjectReader) throws -> String? {
        // A logout token names the session in any case; nobody is told that it does not.
        guard try reader.optionalBool("backchannel_logout_session_required") != false else {
            throw ClientMetadataError.sessionAlwaysNamed
        }
        guard let text = try reader.optionalString("backchannel_logout_uri", maximum: 2_000) else { return nil }
        do throws(AddressError) {
            return try RedirectURI(parsing: text, native: false).text
        } catch { throw ClientMetadataError.address("backchannel_logout_uri", "\(error)") }
    }

    static func texts(_ name: String, _ reader: inout JSONObjectReader) throws -> [String] {
        try (try reader.optionalArray(name, maximum: 100) ?? []).map { value in
            guard case .string(let text) = value else { throw ClientMetadataError.notTexts(name) }
            return text
        }
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    fileprivate static var words: [String] { Self.allCases.map(\.rawValue) }
}

/// Why an application cannot be registered so. Carries no key and no secret.
package enum ClientMetadataError: Error, Hashable, Sendable {
    case notOneOf(String, [String])
    /// A list with something else in it than these.
    case otherThan(String, [String])
    case notTexts(String)
    case address(String, String)
    case keysAndMethod
    case keys(String)
    case sessionAlwaysNamed
}

extension ClientMetadataError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOneOf(let name, let words): "\(name) is not one of \(words.joined(separator: ", "))"
        case .otherThan(let name, let words): "\(name) holds something else than \(words.joined(separator: ", "))"
        case .notTexts(let name): "\(name) is not a list of texts"
        case .address(let name, let why): "\(name) holds an address that cannot be registered: \(why)"
        case .keysAndMethod: "jwks goes with the token_endpoint_auth_method private_key_jwt, and that with jwks"
        case .keys(let why): why
        case .sessionAlwaysNamed: "backchannel_logout_session_required is true here: every logout token has a sid"
        }
    }
}
