// How a client says who it is at the token endpoint (RFC 6749 section 2.3.1, RFC 7617).

package import Encodings

/// A client's id, and its secret if it gave one. Nothing is verified yet: an id without a secret is enough only for a
/// client that is registered as public.
package struct ClientCredentials: Sendable {
    package enum Method: String, Hashable, Sendable {
        case basic = "client_secret_basic"
        case body = "client_secret_post"
        case none
    }

    package let clientID: String
    package let secret: SecretText?
    package let method: Method

    /// - Parameters:
    ///   - authorization: the `Authorization` header, if there is one; of several the edge refuses the request.
    ///   - fields: the body's.
    package init(authorization: String?, fields: FormFields) throws(TokenError) {
        if let authorization {
            self = try Self.basic(authorization)
            try self.checkAlone(fields)
        } else {
            self = try Self.body(fields)
        }
    }

    private init(_ clientID: String, _ secret: String?, _ method: Method) throws(TokenError) {
        guard ParameterSyntax.isVisible(clientID, maximum: 256), (secret?.utf8.count ?? 0) <= 512 else {
            throw TokenError(.invalidClient, "the client credentials are malformed")
        }
        self.clientID = clientID
        self.secret = secret.map(SecretText.init)
        self.method = method
    }

    /// Two ways at once would leave open which one counts. The same id beside the header is harmless, and usual.
    private func checkAlone(_ fields: FormFields) throws(TokenError) {
        let named = fields.parameter("client_id")
        guard fields.parameter("client_secret") == nil,
            named.map({ $0.utf8.elementsEqual(self.clientID.utf8) }) ?? true
        else { throw TokenError(.invalidRequest, "client credentials stand both in the header and in the body") }
    }

    private static func body(_ fields: FormFields) throws(TokenError) -> ClientCredentials {
        guard let clientID = fields.parameter("client_id") else {
            throw TokenError(.invalidClient, "client credentials are missing")
        }
        let secret = fields.parameter("client_secret")
        return try ClientCredentials(clientID, secret, secret == nil ? .none : .body)
    }

    private static func basic(_ header: String) throws(TokenError) -> ClientCredentials {
        let malformed = TokenError(.invalidClient, "the Authorization header is not Basic with an id and a secret")
        guard let value = AuthorizationHeader.value(of: "basic", in: header), value.utf8.count <= 4_096,
            let bytes = try? Base64.decode(value), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            // Both parts are form-encoded before they are joined, so an id may hold a colon.
            let clientID = FormURLEncoded.decode(bytes[..<colon]),
            let secret = FormURLEncoded.decode(bytes[(colon + 1)...]), !secret.isEmpty
        else { throw malformed }
        return try ClientCredentials(clientID, secret, .basic)
    }
}
