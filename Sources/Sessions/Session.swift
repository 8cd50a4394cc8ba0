// Sessions: what a granted login leaves behind: the session, authorization codes and access tokens, and when each ends.
// Pure data and decisions; no cookie, no store.

package import Authenticators
package import Identifiers
package import Time

/// How strongly a user was authenticated, when, and with what. It goes into tokens just as it was proven.
package struct Authentication: Hashable, Sendable {
    package let at: Instant
    package let methods: [AuthenticationMethod]

    package init(at: Instant, methods: [AuthenticationMethod]) {
        self.at = at
        self.methods = methods
    }

    /// The value of `acr`.
    package var assurance: Assurance { self.methods.contains(.multiFactor) ? .multiFactor : .singleFactor }
}

/// Authentication context classes. The raw values stand in tokens.
package enum Assurance: String, Hashable, Sendable, CaseIterable {
    case singleFactor = "urn:countersign:acr:single-factor"
    case multiFactor = "urn:countersign:acr:multi-factor"
}

package struct Session: Hashable, Sendable {
    package let id: SessionID
    package let user: UserID
    package let authentication: Authentication
    package let created: Instant
    package let lastSeen: Instant
    package let ended: Instant?

    package init(
        id: SessionID, user: UserID, authentication: Authentication, created: Instant, lastSeen: Instant,
        ended: Instant? = nil
    ) {
        self.id = id
        self.user = user
        self.authentication = authentication
        self.created = created
        self.lastSeen = lastSeen
        self.ended = ended
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
