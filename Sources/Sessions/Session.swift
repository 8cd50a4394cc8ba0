// Sessions: what a granted login leaves behind: the session, authorization codes and access tokens, and when each ends.
// Pure data and decisions; no cookie, no store.

package import Authenticators
package import Identifiers
package import Time

/// How strongly a user was authenticated, when, and with what. It goes into tokens just as it was proven.
package struct Authentication: Hashable, Sendable {
    package let at: Instant
    package let methods: [AuthenticationMethod]
    /// What a weaker factor has bound is worth no more than that factor until then (security rule 7). It stays so for
    /// what was proven before: afterwards the user proves himself anew.
    package let limitedUntil: Instant?

    package init(at: Instant, methods: [AuthenticationMethod], limitedUntil: Instant? = nil) {
        self.at = at
        self.methods = methods
        self.limitedUntil = limitedUntil
    }

    /// Whether more than one factor was proven, whatever it is worth.
    package var isMultiFactor: Bool { self.methods.contains(.multiFactor) }

    /// The value of `acr`: what it is worth. `amr` says what was done.
    package var assurance: Assurance {
        self.isMultiFactor && self.limitedUntil == nil ? .multiFactor : .singleFactor
    }

    /// How strong what was proven is of its kind, whatever has bound it.
    package var proven: BindingStrength {
        guard self.isMultiFactor else { return .singleFactor }
        // A card's answer proves its PIN too; a code by text or voice proves the number alone.
        return self.methods.contains(.pin) ? .multiFactor : .restrictedFactor
    }
}

extension BindingStrength {
    /// What somebody binds is as strong as what he has proven.
    package init(_ authentication: Authentication) {
        self = authentication.assurance == .multiFactor ? authentication.proven : .singleFactor
    }
}

/// Authentication context classes. The raw values stand in tokens.
package enum Assurance: String, Hashable, Sendable, CaseIterable {
    case singleFactor = "urn:countersign:acr:single-factor"
    case multiFactor = "urn:countersign:acr:multi-factor"
}

/// A session of a card whose PIN somebody else knows is kept at changing it.
package struct SessionHold: Hashable, Sendable {
    package let card: AuthenticatorID
    /// Where the user wanted to go: a path of ours. It comes from our pages, never from a request.
    package let returnTo: String

    package init(card: AuthenticatorID, returnTo: String) {
        self.card = card
        self.returnTo = returnTo
    }
}

package struct Session: Hashable, Sendable {
    package let id: SessionID
    package let user: UserID
    package let authentication: Authentication
    package let created: Instant
    package let lastSeen: Instant
    package let ended: Instant?
    /// What is to be done before the session is good for anything else.
    package let hold: SessionHold?

    package init(
        id: SessionID, user: UserID, authentication: Authentication, created: Instant, lastSeen: Instant,
        ended: Instant? = nil, hold: SessionHold? = nil
    ) {
        self.id = id
        self.user = user
        self.authentication = authentication
        self.created = created
        self.lastSeen = lastSeen
        self.ended = ended
        self.hold = hold
    }

    /// When the session ends if nothing more happens.
    package func ends(limits: SessionLimits) -> Instant {
        min(self.created + limits.inAll, self.lastSeen + limits.idle)
    }

    package func isOpen(limits: SessionLimits, at now: Instant) -> Bool {
        self.ended == nil && now < self.ends(limits: limits)
    }

    /// Whether the user must be asked again before an application gets a code: `max_age` of OpenID Connect.
    package func isFresh(maximumAge: Int64?, at now: Instant) -> Bool {
        guard let maximumAge else { return true }
        // Compared in seconds that cannot overflow, whatever the application asks for.
        return now.seconds - self.authentication.at.seconds <= maximumAge
    }
}

/// SP 800-63B-4, AAL2: at most 24 hours in all and 1 hour idle.
package struct SessionLimits: Hashable, Sendable {
    package var inAll: Span
    package var idle: Span

    package init(inAll: Span = .hours(24), idle: Span = .hours(1)) {
        self.inAll = inAll
        self.idle = idle
    }
}
