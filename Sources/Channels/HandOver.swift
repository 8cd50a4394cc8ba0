package import Time

/// What became of handing one message to a provider.
package enum HandOver: Hashable, Sendable {
    /// The provider has it. Its reports will name it by the reference; nil where it sends none.
    case accepted(reference: String?)
    /// It will never be taken here. Another provider may take it, unless the fault is the recipient's.
    case refused(DeliveryFault)
    /// It was certainly not taken, and may be later.
    case postponed(DeliveryFault, retryAfter: Span?)
    /// No answer came: it may have been taken. It is tried once more at most.
    case unanswered(DeliveryFault)
}

/// Why a provider did not take a message, or did not deliver it.
package struct DeliveryFault: Hashable, Sendable {
    package let kind: Kind
    /// The provider's own code or words, for the operator: `ESME_RTHROTTLED`, `status 503`. At most 100 characters, and
    /// never a number, a text or a code.
    package let detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = String(detail.prefix(100))
    }

    /// The raw values are schema.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No connection, or it ended before the message was written.
        case unreachable
        case timedOut = "timed_out"
        case throttled
        /// Every telephone line of ours is in use.
        case linesTaken = "lines_taken"
        /// The provider's account: wrong password, no credit, sender not allowed.
        case account
        case invalidRecipient = "invalid_recipient"
        /// The content or its form: a template, a length, an alphabet.
        case rejectedContent = "rejected_content"
        /// The provider says that it has trouble itself.
        case providerFault = "provider_fault"
        /// What it answered cannot be read.
        case malformedAnswer = "malformed_answer"
        /// The message outlived its time before it could be handed over.
        case expired
        /// The number got another SIM card of late: no provider was asked.
        case simSwapped = "sim_swapped"
        /// Nobody could say whether it did, and then nothing goes: no provider was asked.
        case unchecked
    }
}
