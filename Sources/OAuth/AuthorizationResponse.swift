// The answer to an authorization request, as the address to redirect to (RFC 6749 section 4.1.2, RFC 9207).

internal import Encodings

/// Values of the `Location` header. The edge sends status 303, so that a form's POST is not repeated at the client
/// (RFC 9700 section 4.12), with `Cache-Control: no-store`.
package enum AuthorizationResponse {
    /// - Parameter code: given to the client once; it lives 60 seconds at most.
    package static func success(
        code: SecretText, state: String?, issuer: Issuer, to redirect: ApprovedRedirect
    ) -> String {
        self.location(redirect.uri.text, [("code", code.revealed), ("state", state), ("iss", issuer.text)])
    }

    package static func failure(
        _ error: AuthorizationError, issuer: Issuer, to redirect: ApprovedRedirect
    ) -> String {
        let fields = [
            ("error", error.code.rawValue), ("error_description", error.description), ("state", error.state),
            ("iss", issuer.text),
        ]
        return self.location(redirect.uri.text, fields)
    }

    /// The address with the fields that have a value added to its query. It has no fragment: none can be registered.
    static func location(_ address: String, _ fields: [(String, String?)]) -> String {
        let added = FormURLEncoded.encode(fields.compactMap { name, value in value.map { (name, $0) } })
        guard !added.isEmpty else { return address }
        guard address.contains("?") else { return "\(address)?\(added)" }
        return address.hasSuffix("?") || address.hasSuffix("&") ? address + added : "\(address)&\(added)"
    }
}
