package import PhoneNumbers
package import Time

/// A number as its user sees it in a list.
package struct HeldPhone: Hashable, Sendable {
    package let summary: AuthenticatorSummary
    package let number: PhoneNumber
    package let binding: PhoneBinding
    package let status: AuthenticatorStatus
    package let lastUsed: Instant?
    /// When it ceased to be the user's.
    package let removed: Instant?

    package init(
        summary: AuthenticatorSummary, number: PhoneNumber, binding: PhoneBinding, status: AuthenticatorStatus,
        lastUsed: Instant?, removed: Instant? = nil
    ) {
        self.summary = summary
        self.number = number
        self.binding = binding
        self.status = status
        self.lastUsed = lastUsed
        self.removed = removed
    }

    /// Whether it is the user's still: a disabled one must be verified anew.
    package var isActive: Bool { self.status == .active }

    /// Whether a number that is added now takes this one's place: it is there still, usable or not, or was until lately.
    package func isReplaced(at now: Instant, within span: Span) -> Bool {
        guard self.status == .removed else { return true }
        return self.removed.map { now < $0 + span } ?? false
    }
}

/// How a number came to its user.
package struct PhoneBinding: Hashable, Sendable {
    /// nil where an operator's file says so.
    package let strength: BindingStrength?
    /// Until then it counts for no more than what it was bound by.
    package let limitedUntil: Instant?
    /// When the user was told that this is a restricted factor, and said that he knows.
    package let acknowledged: Instant?

    package init(strength: BindingStrength? = nil, limitedUntil: Instant? = nil, acknowledged: Instant? = nil) {
        self.strength = strength
        self.limitedUntil = limitedUntil
        self.acknowledged = acknowledged
    }
}
