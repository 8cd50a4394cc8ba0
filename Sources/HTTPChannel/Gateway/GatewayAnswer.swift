/// How a gateway's answer is read.
package struct GatewayAnswer: Sendable {
    /// What an answer of 2xx must hold for us to believe it, and by what name reports will come.
    package var reference: Reference
    /// Where the provider's own code stands, and what each means. Looked at before the status, apart from 429.
    package var code: Place?
    package var codes: [String: AnswerMeaning]
    /// Statuses that mean something else here than usual.
    package var statuses: [Int: AnswerMeaning]

    package init(
        reference: Reference, code: Place? = nil, codes: [String: AnswerMeaning] = [:],
        statuses: [Int: AnswerMeaning] = [:]
    ) {
        (self.reference, self.code, self.codes, self.statuses) = (reference, code, codes, statuses)
    }

    package enum Reference: Sendable {
        case at(Place)
        /// Reports name the message by our own `{{id}}`, which the callback carries; the answer must begin with one of
        /// these, or anybody's page would count as a yes.
        case ownID(answerBegins: [String])
        /// No reports are wanted; the answer must begin with one of these.
        case none(answerBegins: [String])
    }

    /// Where in an answer a value stands.
    package enum Place: Sendable {
        /// In a JSON answer, as RFC 6901 points to it: `/messages/0/message-id`.
        case pointer(String)
        /// In a plain text: what follows this prefix, up to white space or the end.
        case afterPrefix(String)
    }
}

/// What a provider's code or status says of the message.
package enum AnswerMeaning: String, Sendable, CaseIterable {
    case accepted
    case throttled
    /// The provider has trouble; later it may go.
    case temporary
    /// The content, or how it was put.
    case rejected
    case recipient
    case account
}
