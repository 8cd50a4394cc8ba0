package import Authenticators
package import Identifiers
package import Time

/// What somebody wants to do on the server's own pages. The order is that of what it asks for.
package enum AccountAccess: Hashable, Sendable, CaseIterable {
    /// To go on with what this very session has begun with a card in hand. Beginning it asked for more.
    case task
    /// To activate what was sent to the verified address, and nothing else.
    case activation
    /// To see the account, and to end sessions.
    case view
    /// To change the PIN of a card.
    case pinChange
    /// To change how the user signs in.
    case change

    /// Whether it takes a proof as strong as the user can give.
    package var takesTheStrongest: Bool {
        switch self {
        case .pinChange, .change: true
        case .task, .activation, .view: false
        }
    }
}

/// Why a session does not permit something.
package enum AccountRefusal: Hashable, Sendable {
    case needsSecondFactor
    /// It was proven too long ago.
    case needsFreshSecondFactor
    /// A restricted factor was proven, by a user who can use a stronger one.
    case needsStrongerFactor
    /// A weaker factor has bound what was proven: until then it changes nothing.
    case limited(until: Instant)
    /// Somebody else knows the PIN of this card: it is changed before anything else.
    case needsPINChange(AuthenticatorID)
}

extension Session {
    /// How long ago a second factor may have been proven where something is changed.
    package static let freshness = Span.minutes(5)

    /// - Parameter strongest: how strong the strongest is that the user could prove now; nil where it does not matter.
    /// - Returns: nil when it is permitted. Whether the session is open is another question.
    package func permits(
        _ access: AccountAccess, at now: Instant, strongest: BindingStrength? = nil
    ) -> AccountRefusal? {
        if let hold = self.hold, access != .task { return self.permits(access, holding: hold, at: now) }
        switch access {
        case .task, .activation: return nil
        case .view: return self.authentication.isMultiFactor ? nil : .needsSecondFactor
        case .pinChange, .change:
            guard self.authentication.isMultiFactor else { return .needsSecondFactor }
            if let limit = self.limit(at: now) { return .limited(until: limit) }
            if let strongest, self.authentication.proven < strongest { return .needsStrongerFactor }
            let isFresh = self.authentication.assurance == .multiFactor && now < self.authentication.at + Self.freshness
            return isFresh ? nil : .needsFreshSecondFactor
        }
    }

    /// Whoever has the card and its PIN may choose another PIN, however the card was bound: it stays what it was.
    private func permits(_ access: AccountAccess, holding hold: SessionHold, at now: Instant) -> AccountRefusal? {
        guard access == .pinChange else { return .needsPINChange(hold.card) }
        return now < self.authentication.at + Self.freshness ? nil : .needsFreshSecondFactor
    }

    /// The end of a weaker factor's limits, while they last.
    package func limit(at now: Instant) -> Instant? {
        self.authentication.limitedUntil.flatMap { now < $0 ? $0 : nil }
    }
}
