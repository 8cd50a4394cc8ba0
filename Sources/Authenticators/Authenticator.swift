// Authenticators: what a user has, how an answer is checked, and how often it may be tried. No store, no clock; a proof
// that a factor was verified can be made only here.

package import Identifiers

/// What a user sees of an authenticator when choosing one.
package struct AuthenticatorSummary: Hashable, Sendable {
    package let id: AuthenticatorID
    package let kind: AuthenticatorKind
    /// What tells two of a kind apart, for example the last digits of the serial. No secret.
    package let label: String

    package init(id: AuthenticatorID, kind: AuthenticatorKind, label: String) {
        self.id = id
        self.kind = kind
        self.label = label
    }
}

/// The raw values are schema.
package enum AuthenticatorKind: String, Hashable, Sendable, CaseIterable {
    case securityCard = "security_card"
    /// A number that takes texts and calls. A restricted authenticator (SP 800-63B-4 section 3.2.9).
    case phoneNumber = "phone_number"

    package var isMultiFactor: Bool {
        switch self {
        case .securityCard: true
        case .phoneNumber: false
        }
    }

    /// A restricted authenticator: its user is told of the risk, and offered a better one (SP 800-63B-4 section 3.2.9).
    package var isRestricted: Bool { self == .phoneNumber }

    /// Whether it ends login codes by text and voice unless the operator says otherwise. A mobile authenticator will, when
    /// there is one: it needs no carrier, and its user carries it with the very telephone.
    package var endsCodesUnlessTold: Bool {
        switch self {
        case .securityCard, .phoneNumber: false
        }
    }
}

/// Authentication method reference values (RFC 8176). The raw values stand in tokens.
package enum AuthenticationMethod: String, Hashable, Sendable, CaseIterable {
    case password = "pwd"
    case oneTimePassword = "otp"
    case pin
    /// The code went as a text message, and by no other way.
    case text = "sms"
    /// The code was read out in a call, and went by no other way.
    case call = "tel"
    case multiFactor = "mfa"
}

/// The raw values are schema. Only an active authenticator can be used at a login.
package enum AuthenticatorStatus: String, Hashable, Sendable, CaseIterable {
    case active
    /// Too many wrong answers since the last right one: it must be bound again.
    case disabled
    case ordered, shipped, blocked, lost, returned, cancelled
    /// A telephone number that its user has no more.
    case removed
}
