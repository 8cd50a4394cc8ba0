import Time

/// One telephone, as its owner treats it.
struct Phone: Hashable, Sendable {
    enum Mode: String, CaseIterable, Sendable {
        case on
        /// Texts wait until it is switched on; callers hear that it cannot be reached.
        case off
        case busy
        /// It rings, and nobody comes: the page offers no buttons.
        case noAnswer = "no_answer"
        /// A mailbox takes calls. It says nothing and presses nothing.
        case mailbox
    }

    let number: PhoneNumber
    var mode = Mode.on
    /// When something last happened to it.
    var touched: Instant
}
