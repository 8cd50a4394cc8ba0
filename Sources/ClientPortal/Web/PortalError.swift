// What went wrong, as far as the user may know. The inner reason goes to the log alone.

import Hummingbird

/// Every page that is not what the user came for: a stable code, a status, a sentence and a way on.
enum PortalError: String, Error, CaseIterable, Sendable {
    case malformedRequest = "malformed-request"
    case crossSite = "cross-site"
    case notFound = "not-found"
    case unknownLogin = "unknown-login"
    case wrongIssuer = "wrong-issuer"
    case accessDenied = "access-denied"
    case loginRequired = "login-required"
    case providerBusy = "provider-busy"
    case providerRefused = "provider-refused"
    case providerUnreachable = "provider-unreachable"
    case providerMisconfigured = "provider-misconfigured"
    case codeRefused = "code-refused"
    case badToken = "bad-token"
    case wrongUser = "wrong-user"
    case loggedOutHere = "logged-out-here"
    case internalFault = "internal-fault"

    /// The `error` of an authorization response (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6).
    /// Its `error_description` is never shown: anybody can write one into a link.
    init(authorizationError: String) {
        self =
            switch authorizationError {
            case "access_denied": .accessDenied
            case "login_required", "interaction_required", "account_selection_required", "consent_required":
                .loginRequired
            case "temporarily_unavailable", "server_error": .providerBusy
            default: .providerRefused
            }
    }

    /// A refused callback is the browser's fault or the provider's, so it is never a 5xx; only an absent provider is.
    var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .crossSite, .accessDenied: .forbidden
        case .providerUnreachable, .loggedOutHere: .serviceUnavailable
        case .providerMisconfigured: .badGateway
        case .internalFault: .internalServerError
        case .malformedRequest, .unknownLogin, .wrongIssuer, .loginRequired, .providerBusy, .providerRefused,
            .codeRefused, .badToken, .wrongUser:
            .badRequest
        }
    }

    var title: Phrase {
        switch self {
        case .notFound: .notFoundTitle
        case .providerUnreachable, .providerMisconfigured, .providerBusy: .unavailableTitle
        case .internalFault, .malformedRequest, .crossSite: .requestTitle
        case .loginRequired: .loginRequiredTitle
        case .loggedOutHere: .loggedOutHereTitle
        case .unknownLogin, .wrongIssuer, .accessDenied, .providerRefused, .codeRefused, .badToken, .wrongUser:
            .notLoggedInTitle
        }
    }

    var sentence: Phrase {
        switch self {
        case .malformedRequest: .malformedRequest
        case .crossSite: .crossSite
        case .notFound: .notFound
        case .unknownLogin: .unknownLogin
        case .wrongIssuer: .wrongIssuer
        case .accessDenied: .accessDenied
        case .loginRequired: .loginRequired
        case .providerBusy: .providerBusy
        case .providerRefused: .providerRefused
        case .providerUnreachable: .providerUnreachable
        case .providerMisconfigured: .providerMisconfigured
        case .codeRefused: .codeRefused
        case .badToken: .badToken
        case .wrongUser: .wrongUser
        case .loggedOutHere: .loggedOutHere
        case .internalFault: .internalFault
        }
    }

    /// Whether logging in is the way on; otherwise only the front page is.
    var offersLogin: Bool {
        switch self {
        case .unknownLogin, .wrongIssuer, .accessDenied, .loginRequired, .providerBusy, .providerUnreachable,
            .codeRefused, .badToken, .wrongUser:
            true
        case .malformedRequest, .crossSite, .notFound, .providerRefused, .providerMisconfigured, .loggedOutHere,
            .internalFault:
            false
        }
    }
}
