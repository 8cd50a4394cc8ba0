// How a client says who it is at the token endpoint (RFC 6749 section 2.3.1, RFC 7617, RFC 7523 section 2.2).

package import Encodings

/// A client's id, and its secret or assertion if it gave one. Nothing is verified yet: an id without a secret is enough only for a
/// client that is registered as public.
package struct ClientCredentials: Sendable {
    /// The names are those of registrations, and schema.
    package enum Method: String, Hashable, Sendable, CaseIterable {
        case basic = "client_secret_basic"
        case body = "client_secret_post"
        case privateKey = "private_key_jwt"
        case none

        /// Whether the client and the server share a secret.
        package var takesSecret: Bool {
            switch self {
            case .basic, .body: true
            case .privateKey, .none: false
            }
        }
    }

    package let clientID: String
    package let secret: SecretText?
    /// The signed statement of a client with a key of its own.
    package let assertion: ClientAssertion?
    package let method: Method

    /// - Parameters:
    ///   - authorization: the `Authorization` header, if there is one; of several the edge refuses the request.
    ///   - fields: the body's.
    package init(authorization: String?, fields: FormFields) throws(TokenError) {
        if let authorization {
            self = try Self.basic(authorization)
            try self.checkAlone(fields)
        } else if fields.parameter("client_assertion") != nil || fields.parameter("client_assertion_type") != nil {
            self = try Self.assertion(fields)
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
        self.assertion = nil
        self.method = method
    }

    private init(_ assertion: ClientAssertion) {
        (self.clientID, self.secret, self.assertion) = (assertion.clientID, nil, assertion)
        self.method = .privateKey
    }

    private static func assertion(_ fields: FormFields) throws(TokenError) -> ClientCredentials {
        guard fields.parameter("client_assertion_type") == ClientAssertion.type,
            let text = fields.parameter("client_assertion")
        else {
            throw TokenError(
                .invalidRequest, "client_assertion goes with client_assertion_type, which must be jwt-bearer")
        }
        return ClientCredentials(try ClientAssertion(parsing: text))
    }

    /// Two ways at once would leave open which one counts. The same id beside is harmless, and usual.
    private func checkAlone(_ fields: FormFields) throws(TokenError) {
        let named = fields.parameter("client_id")
        guard fields.parameter("client_secret") == nil,
            self.assertion != nil || fields.parameter("client_assertion") == nil,
            named.map({ $0.utf8.elementsEqual(self.clientID.utf8) }) ?? true
        else { throw TokenError(.invalidRequest, "client credentials are given in two ways, or for two clients") }
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
