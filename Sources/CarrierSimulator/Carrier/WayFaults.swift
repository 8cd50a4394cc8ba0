import Time

/// What goes wrong on one way, until somebody says otherwise.
struct WayFaults: Hashable, Sendable {
    /// How the door answers.
    enum Answers: String, CaseIterable, Sendable {
        case normal
        /// Takes nothing, says nothing, closes every connection.
        case dead
        /// Takes the text, and closes the connection before the answer.
        case unanswered
        case throttled
        /// An answer that is none.
        case nonsense
        /// The provider has trouble itself.
        case fault
        /// Wrong password, no credit.
        case account
    }

    /// What becomes of a text that was taken.
    enum Fate: String, CaseIterable, Sendable { case delivered, lost, undeliverable }

    enum Receipts: String, CaseIterable, Sendable {
        case truthful, none, late, doubled
        /// Before each true one comes one for a text that nobody sent.
        case stray
        /// Always says delivered.
        case lying
    }

    static let longestDelay = Span.hours(1)

    var answers = Answers.normal
    /// Until the door answers.
    var answerDelay = Span.seconds(0)
    var texts = Fate.delivered
    /// Until the telephone has it.
    var deliveryDelay = Span.seconds(0)
    var receipts = Receipts.truthful
    /// How much later late ones come.
    var receiptDelay = Span.seconds(30)
    /// Refused as invalid recipients.
    var rejected: [PhoneNumber] = []
}
