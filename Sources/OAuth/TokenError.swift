// The errors of the token endpoint (RFC 6749 section 5.2).

package import Encodings

/// What the client is told: a JSON body under `status`, with `Cache-Control: no-store`.
package struct TokenError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"
    }

    package let code: Code
    /// For the client's developer. Fixed words: nothing of the request.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The HTTP status.
    package var status: Int { self.code == .invalidClient ? 401 : 400 }

    /// The `WWW-Authenticate` header that a 401 must have (RFC 9110 section 15.5.2).
    package var challenge: String? { self.code == .invalidClient ? "Basic realm=\"token\", charset=\"UTF-8\"" : nil }

    package var body: JSONValue {
        ["error": .string(self.code.rawValue), "error_description": .string(self.description)]
    }
}
