// The provider's answer at the redirect address (RFC 6749 section 4.1.2, RFC 9207).

/// A code, or the reason why there is none.
enum CallbackAnswer: Hashable, Sendable {
    case code(String)
    case refused(PortalError)

    /// Checked before the code is used: an answer of another issuer is a mix-up attack (RFC 9207 section 2.4).
    init(query: FormFields, issuer: WebAddress, issuerRequired: Bool) throws(PortalError) {
        guard query["iss"] == issuer.text || (query["iss"] == nil && !issuerRequired) else { throw .wrongIssuer }
        switch (query["code"], query["error"]) {
        case (let code?, nil) where !code.isEmpty: self = .code(code)
        case (nil, let error?): self = .refused(PortalError(authorizationError: error))
        default: throw .malformedRequest
        }
    }
}
