// Bearer tokens (RFC 6750) and what a refused one is told (RFC 6750 section 3, RFC 9470 section 3).

package import Encodings

/// An access token as a request brought it. Nothing is verified yet.
package struct BearerToken: Sendable {
    package let secret: SecretText

    /// Takes the `Authorization` header, or a field of a form's body (sections 2.1 and 2.2), but not both. A token in the
    /// query is not read: it would end in logs.
    package init(authorization: String?, fields: FormFields) throws(BearerError) {
        guard let token = fields.parameter("access_token") else {
            self = try BearerToken(authorization: authorization)
            return
        }
        guard authorization == nil, token.utf8.count <= 4_096, Self.isToken(token[...].utf8) else { throw .malformed }
        self.secret = SecretText(token)
    }

    /// Takes the `Authorization` header alone.
    package init(authorization: String?) throws(BearerError) {
        guard let authorization else { throw .missing }
        guard let value = AuthorizationHeader.value(of: "bearer", in: authorization) else {
            throw Self.isBearer(authorization) ? .malformed : .missing
        }
        guard value.utf8.count <= 4_096, Self.isToken(value.utf8) else { throw .malformed }
        self.secret = SecretText(String(value))
    }

    private static func isBearer(_ header: String) -> Bool {
        header.prefix { $0 != " " }.lowercased() == "bearer"
    }

    /// `b64token` (section 2.1).
    private static func isToken(_ text: Substring.UTF8View) -> Bool {
        let end = text.lastIndex { $0 != UInt8(ascii: "=") }
        guard let end else { return false }
        return text[...end].allSatisfy { $0.isLetter || $0.isDigit || "-._~+/".utf8.contains($0) }
    }
}

/// Why a protected resource refuses.
package enum BearerError: Error, Hashable, Sendable {
    /// No token at all: the answer names no error (section 3.1).
    case missing
    case malformed
    /// Unknown, expired or revoked: which one is not said.
    case invalidToken
    case insufficientScope(String)
    /// The token is good, but its user must sign in again: more strongly, or more recently (RFC 9470).
    case insufficientUserAuthentication(acrValues: [String], maximumAge: Int?)

    /// The HTTP status.
    package var status: Int {
        switch self {
        case .missing, .invalidToken, .insufficientUserAuthentication: 401
        case .malformed: 400
        case .insufficientScope: 403
        }
    }

    /// The `WWW-Authenticate` header.
    package var challenge: String {
        let parameters = [("realm", "countersign")] + self.parameters
        return "Bearer " + parameters.map { "\($0)=\"\(Self.quoted($1))\"" }.joined(separator: ", ")
    }

    private var parameters: [(String, String)] {
        switch self {
        case .missing: []
        case .malformed: [("error", "invalid_request")]
        case .invalidToken: [("error", "invalid_token")]
        case .insufficientScope(let scope): [("error", "insufficient_scope"), ("scope", scope)]
        case .insufficientUserAuthentication(let acrValues, let maximumAge):
            [("error", "insufficient_user_authentication")]
                + (acrValues.isEmpty ? [] : [("acr_values", acrValues.joined(separator: " "))])
                + (maximumAge.map { [("max_age", String($0))] } ?? [])
        }
    }

    /// Leaves out what would end the quoted string or the header.
    private static func quoted(_ text: String) -> String {
        let allowed = text.utf8.filter { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return String(decoding: allowed, as: UTF8.self)
    }
}
