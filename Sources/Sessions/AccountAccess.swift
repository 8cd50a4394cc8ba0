package import Time

/// What somebody wants to do on the server's own pages. The order is that of what it asks for.
package enum AccountAccess: Hashable, Sendable, CaseIterable {
    /// To activate what was sent to the verified address, and nothing else.
    case activation
    /// To see the account, and to end sessions.
    case view
    /// To change how the user signs in.
    case change
}

/// Why a session does not permit something.
package enum AccountRefusal: Hashable, Sendable {
    case needsSecondFactor
    /// It was proven too long ago.
    case needsFreshSecondFactor
}

extension Session {
    /// How long ago a second factor may have been proven where something is changed.
    package static let freshness = Span.minutes(5)

    /// - Returns: nil when it is permitted. Whether the session is open is another question.
    package func permits(_ access: AccountAccess, at now: Instant) -> AccountRefusal? {
        switch access {
        case .activation: return nil
        case .view: return self.authentication.assurance == .multiFactor ? nil : .needsSecondFactor
        case .change:
            guard self.authentication.assurance == .multiFactor else { return .needsSecondFactor }
            return now < self.authentication.at + Self.freshness ? nil : .needsFreshSecondFactor
        }
    }
}
