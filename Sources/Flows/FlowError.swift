package import Identifiers
package import Sessions
package import Time

/// Why a flow did nothing. None of these changes the store.
package enum FlowError: Error, Hashable, Sendable {
    /// No login with this id, or not with this secret: which of both is not told.
    case noSuchLogin
    /// The application is unknown, public, or gave another secret than its own: which of them is not told.
    case applicationNotProven
    /// The application may not do this.
    case applicationNotPermitted
    /// The key of an earlier call came with another content.
    case idempotencyKeyReused
    /// The same call is still under way.
    case callUnderWay(retryAfter: Span)
    /// The browser has no open session, and the server's own pages need one.
    case notLoggedIn
    /// The browser's session does not permit this step.
    case notPermitted(AccountRefusal, UserID)
    /// More password checks wait than the queue holds, over all or from this source alone.
    case tooManyPasswordChecks(retryAfter: Span, ofThisSource: Bool)
}
