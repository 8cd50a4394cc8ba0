// The error that an authorization request is answered with (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6).

/// What goes back to the client by `AuthorizationResponse.failure`.
package struct AuthorizationError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case invalidRequest = "invalid_request"
        case unauthorizedClient = "unauthorized_client"
        case accessDenied = "access_denied"
        case unsupportedResponseType = "unsupported_response_type"
        case invalidScope = "invalid_scope"
        case serverError = "server_error"
        case temporarilyUnavailable = "temporarily_unavailable"
        case interactionRequired = "interaction_required"
        case loginRequired = "login_required"
        case accountSelectionRequired = "account_selection_required"
        case consentRequired = "consent_required"
        case requestNotSupported = "request_not_supported"
        case requestURINotSupported = "request_uri_not_supported"
        /// OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
        case unmetAuthenticationRequirements = "unmet_authentication_requirements"
    }

    package let code: Code
    /// For the client's developer. Fixed words: nothing of the request and nothing of the user.
    package let description: String
    /// The request's own, as far as it was well-formed.
    package let state: String?

    package init(_ code: Code, _ description: String, state: String?) {
        self.code = code
        self.description = description
        self.state = state
    }
}
