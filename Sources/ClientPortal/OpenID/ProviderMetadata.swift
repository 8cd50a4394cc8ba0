// What the provider says about itself (OpenID Connect Discovery 1.0 section 3, RFC 8414).

import Foundation

/// Discovery metadata whose issuer is the configured one and whose endpoints are usable.
struct ProviderMetadata: Sendable {
    let authorizationEndpoint: WebAddress
    let tokenEndpoint: WebAddress
    let keysEndpoint: WebAddress
    let userinfoEndpoint: WebAddress
    let endSessionEndpoint: WebAddress?
    /// RFC 9207 section 3: without this an answer may come without `iss`.
    let announcesIssuerInResponse: Bool

    /// - Throws: `.providerMisconfigured` when the issuer is not exactly the expected one (Discovery section 4.3), an
    ///   endpoint is missing or plain http beside an https issuer, or PKCE is announced without S256.
    init(json: Data, issuer: WebAddress) throws(PortalError) {
        guard let raw = try? JSONDecoder().decode(Raw.self, from: json), raw.issuer == issuer.text,
            raw.challengeMethods?.contains("S256") ?? true
        else { throw .providerMisconfigured }
        self.authorizationEndpoint = try Self.endpoint(raw.authorization, of: issuer)
        self.tokenEndpoint = try Self.endpoint(raw.token, of: issuer)
        self.keysEndpoint = try Self.endpoint(raw.keys, of: issuer)
        self.userinfoEndpoint = try Self.endpoint(raw.userinfo, of: issuer)
        self.endSessionEndpoint = raw.endSession == nil ? nil : try Self.endpoint(raw.endSession, of: issuer)
        self.announcesIssuerInResponse = raw.issuerInResponse ?? false
    }

    private static func endpoint(_ text: String?, of issuer: WebAddress) throws(PortalError) -> WebAddress {
        guard let text, let address = WebAddress(text), address.isSecure || !issuer.isSecure else {
            throw .providerMisconfigured
        }
        return address
    }

    private struct Raw: Decodable {
        let issuer: String
        let authorization: String?
        let token: String?
        let keys: String?
        let userinfo: String?
        let endSession: String?
        let issuerInResponse: Bool?
        let challengeMethods: [String]?

        enum CodingKeys: String, CodingKey {
            case issuer
            case authorization = "authorization_endpoint"
            case token = "token_endpoint"
            case keys = "jwks_uri"
            case userinfo = "userinfo_endpoint"
            case endSession = "end_session_endpoint"
            case issuerInResponse = "authorization_response_iss_parameter_supported"
            case challengeMethods = "code_challenge_methods_supported"
        }
    }
}
