// The provider's metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414, RFC 9207 section 3).

package import Encodings

/// What clients read at `path` to configure themselves. It promises only what `AuthorizationRequest` and `TokenRequest`
/// take.
package struct Discovery: Sendable {
    /// Appended to the issuer's address, and to its path if it has one.
    package static let path = "/.well-known/openid-configuration"

    /// Paths below the issuer, each with its leading slash.
    package struct Endpoints: Sendable {
        package let authorization, token, userInfo, keys, endSession: String
        package let revocation, introspection: String?

        package init(
            authorization: String, token: String, userInfo: String, keys: String, endSession: String,
            revocation: String? = nil, introspection: String? = nil
        ) {
            (self.authorization, self.token, self.userInfo) = (authorization, token, userInfo)
            (self.keys, self.endSession) = (keys, endSession)
            (self.revocation, self.introspection) = (revocation, introspection)
        }
    }

    private let issuer: Issuer
    private let endpoints: Endpoints
    private let scopes, acrValues, claims, signingAlgorithms, uiLocales: [String]

    /// - Parameters:
    ///   - scopes: `openid` among them.
    ///   - signingAlgorithms: of ID tokens; OpenID Connect wants RS256 among them.
    package init(
        issuer: Issuer, endpoints: Endpoints, scopes: [String], acrValues: [String], claims: [String],
        signingAlgorithms: [String], uiLocales: [String]
    ) {
        (self.issuer, self.endpoints) = (issuer, endpoints)
        (self.scopes, self.acrValues, self.claims) = (scopes, acrValues, claims)
        (self.signingAlgorithms, self.uiLocales) = (signingAlgorithms, uiLocales)
    }

    package var document: JSONValue {
        .object(self.addresses + self.abilities)
    }

    private var addresses: [JSONValue.Member] {
        let paths: [(String, String?)] = [
            ("authorization_endpoint", self.endpoints.authorization), ("token_endpoint", self.endpoints.token),
            ("userinfo_endpoint", self.endpoints.userInfo), ("jwks_uri", self.endpoints.keys),
            ("end_session_endpoint", self.endpoints.endSession), ("revocation_endpoint", self.endpoints.revocation),
            ("introspection_endpoint", self.endpoints.introspection),
        ]
        let issuer = JSONValue.Member("issuer", .string(self.issuer.text))
        return [issuer]
            + paths.compactMap { name, path in path.map { .init(name, .string(self.issuer.address($0))) } }
    }

    private var abilities: [JSONValue.Member] {
        let clientAuthentication = ClientCredentials.Method.allCases
        let algorithms = Self.list(ClientAssertion.algorithms)
        return [
            .init("scopes_supported", Self.list(self.scopes)),
            .init("response_types_supported", ["code"]),
            .init("response_modes_supported", ["query"]),
            .init("grant_types_supported", Self.list(TokenRequest.grantTypes)),
            .init("acr_values_supported", Self.list(self.acrValues)),
            .init("subject_types_supported", ["public"]),
            .init("id_token_signing_alg_values_supported", Self.list(self.signingAlgorithms)),
            .init("token_endpoint_auth_methods_supported", Self.list(clientAuthentication.map(\.rawValue))),
            .init("revocation_endpoint_auth_methods_supported", Self.list(clientAuthentication.map(\.rawValue))),
            .init(
                "introspection_endpoint_auth_methods_supported",
                Self.list(clientAuthentication.filter { $0 != .none }.map(\.rawValue))),
            .init("token_endpoint_auth_signing_alg_values_supported", algorithms),
            .init("revocation_endpoint_auth_signing_alg_values_supported", algorithms),
            .init("introspection_endpoint_auth_signing_alg_values_supported", algorithms),
            .init("code_challenge_methods_supported", [.string(PKCE.method)]),
            .init("claims_supported", Self.list(self.claims)),
            .init("ui_locales_supported", Self.list(self.uiLocales)),
            .init("claim_types_supported", ["normal"]),
            .init("display_values_supported", ["page", "popup", "touch"]),
            .init("backchannel_logout_supported", true),
            .init("backchannel_logout_session_supported", true),
            .init("prompt_values_supported", ["none", "login", "consent", "select_account"]),
            .init("authorization_response_iss_parameter_supported", true),
            .init("claims_parameter_supported", true),
            .init("request_parameter_supported", false),
            // Left out it would mean true.
            .init("request_uri_parameter_supported", false),
        ]
    }

    private static func list(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
