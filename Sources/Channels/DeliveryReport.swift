package import Time

/// What a provider says later of a message that it took. It may come late, twice, or for a message that we do not know.
package struct DeliveryReport: Hashable, Sendable {
    /// As ``HandOver/accepted(reference:)`` gave it, in the same spelling.
    package let reference: String
    package let progress: DeliveryProgress
    /// The provider's own code, for the operator: `stat:UNDELIV err:027`. Never an echo of the message.
    package let detail: String?
    /// When it happened, where the provider says so.
    package let at: Instant?

    package init(reference: String, progress: DeliveryProgress, detail: String? = nil, at: Instant? = nil) {
        self.reference = reference
        self.progress = progress
        self.detail = detail.map { String($0.prefix(100)) }
        self.at = at
    }
}

/// How far a message came. The raw values are schema.
package enum DeliveryProgress: String, Hashable, Sendable, CaseIterable {
    /// On its way, as any is for a while.
    case underWay = "under_way"
    /// The telephone was not reached, being off or out of reach: it is tried again.
    case buffered
    case delivered
    case expired
    case undeliverable
    case rejected
    /// The provider does not know.
    case unknown

    // Calls alone.
    case ringing
    case answered
    /// The callee pressed 1 and heard the code to its end, at least once: as good as delivered.
    case heard
    case busy
    case noAnswer = "no_answer"
    /// The callee, or his network, turned the call down.
    case declined
    /// Answered, and hung up before the code was read.
    case hungUp = "hung_up"
    /// Answered, but nobody pressed 1: perhaps a mailbox. No code was read.
    case noKeyPressed = "no_key_pressed"
    /// The callee pressed 9: he did not ask for it.
    case notRequested = "not_requested"
}
