internal import Encodings
internal import Flows
package import HTTPTypes
internal import Hummingbird
package import Time

/// What an outsider may learn of an error: a status, a stable code, and how to go on. The inner error goes to the log
/// alone.
package struct PublicError: Error, Hashable, Sendable {
    package let status: HTTPResponse.Status
    package let code: PublicErrorCode
    /// What was wrong with the input, in words that hold nothing of it.
    package let detail: String?
    package let retryAfter: Span?
    /// The methods that the address takes, where another was used.
    package let allowed: String?

    package init(
        _ status: HTTPResponse.Status, _ code: PublicErrorCode, detail: String? = nil, retryAfter: Span? = nil,
        allowed: String? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
        self.allowed = allowed
    }

    /// The proof was right, and is not worth what this needs: a weaker factor bound the authenticator.
    package static func limited(until: Instant) -> PublicError {
        PublicError(
            .forbidden, .authenticatorLimited,
            detail: "a weaker proof has bound this authenticator: until \(until.rfc3339) it does not do for this")
    }

    package static func badRequest(_ detail: String) -> PublicError {
        PublicError(.badRequest, .badRequest, detail: detail)
    }
}

/// Stable words for programs; pages have a sentence for each.
package enum PublicErrorCode: String, Hashable, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case unauthorized
    case forbidden
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case tooLarge = "too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case tooMany = "too_many"
    case loginOver = "login_over"
    case notNow = "not_now"
    case wrongCredentials = "wrong_credentials"
    case alreadyThere = "already_there"
    case idempotencyKeyReused = "idempotency_key_reused"
    case noSuchUser = "no_such_user"
    case noAuthenticator = "no_authenticator"
    case notOneOfTheUsers = "not_one_of_the_users"
    case malformedResponse = "malformed_response"
    case codeNotThere = "code_not_there"
    case codeNotSent = "code_not_sent"
    case numberRefused = "number_refused"
    case hasAuthenticator = "has_authenticator"
    case authenticatorLimited = "authenticator_limited"
    case unknownApplication = "unknown_application"
    case badRedirect = "bad_redirect"
    case badAuthorizationRequest = "bad_authorization_request"
    case unavailable
    case serverFault = "server_fault"
}

extension PublicError {
    /// The one place where inner errors become public words.
    package init(_ error: any Error) {
        switch error {
        case let error as PublicError: self = error
        case FlowError.noSuchLogin: self = PublicError(.notFound, .loginOver)
        case FlowError.applicationNotProven:
            self = PublicError(
                .unauthorized, .unauthorized, detail: "send the application's id and secret by HTTP Basic")
        case FlowError.applicationNotPermitted:
            self = PublicError(
                .forbidden, .forbidden, detail: "the application has no permission for this")
        case FlowError.idempotencyKeyReused:
            self = PublicError(
                .unprocessableContent, .idempotencyKeyReused,
                detail: "this Idempotency-Key came with another call before: choose a new one")
        case FlowError.callUnderWay(let wait):
            self = PublicError(
                .conflict, .notNow, detail: "the same call is still under way: repeat it", retryAfter: wait)
        case FlowError.notLoggedIn, FlowError.notPermitted: self = PublicError(.forbidden, .forbidden)
        case FlowError.tooManyPasswordChecks(let wait, let ofThisSource):
            self = PublicError(
                ofThisSource ? .tooManyRequests : .serviceUnavailable, .tooMany, retryAfter: wait)
        case let error as FormError: self = .badRequest("\(error)")
        case let error as JSONError: self = .badRequest("\(error)")
        case let error as JSONMemberError: self = .badRequest("\(error)")
        case let error as any HTTPResponseError: self = Self.ofHTTP(error.status)
        default: self = Self.ofStore(error)
        }
    }

    private static func ofStore(_ error: any Error) -> PublicError {
        guard let fault = StoreFault(error) else { return PublicError(.internalServerError, .serverFault) }
        return PublicError(.serviceUnavailable, .unavailable, retryAfter: fault.retryAfter)
    }

    private static func ofHTTP(_ status: HTTPResponse.Status) -> PublicError {
        switch status {
        case .notFound: PublicError(status, .notFound)
        case .methodNotAllowed: PublicError(status, .methodNotAllowed)
        case .contentTooLarge: PublicError(status, .tooLarge)
        case .unsupportedMediaType: PublicError(status, .unsupportedMediaType)
        case _ where status.code >= 500: PublicError(status, .serverFault)
        default: PublicError(status, .badRequest)
        }
    }
}
