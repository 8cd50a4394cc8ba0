package import Authenticators
package import Identifiers

/// An authenticator with its counts, read under the locks of its user's row and its own, in this order: a card or a
/// telephone number.
package protocol LockedFactor: Sendable {
    var user: UserID { get }
    var summary: AuthenticatorSummary { get }
    var status: AuthenticatorStatus { get set }
    /// Shared by all that the user has.
    var userThrottle: FactorThrottle { get set }
    var ownThrottle: FactorThrottle { get set }
    /// How many wrong answers it takes at most, where its maker says so.
    var mostFailures: Int? { get }
}

extension LockedCard: LockedFactor {
    package var mostFailures: Int? { self.pinPolicy.mostFailures }
}
