package import Identifiers
package import Time

/// By which ways a code can go to a telephone number. The raw values are schema.
package enum CodeWay: String, Hashable, Sendable, CaseIterable {
    case text
    case voice
}

/// A code that the user is to type as he received it. The code itself is not in here: it is sealed beside the login.
package struct CodeChallenge: Hashable, Sendable {
    package let id: ChallengeID
    package let expires: Instant
    /// By which ways it was sent, in order, each once. Empty while nothing could be sent yet.
    package private(set) var sent: [CodeWay]
    package private(set) var lastSent: Instant?
    /// From when on it may be asked for by each way; a way that is not named is not to be had.
    package private(set) var next: [CodeWay: Instant]
    /// When another code went to the number, so shortly before that this one could not.
    package private(set) var before: Instant?

    package init(
        id: ChallengeID, expires: Instant, sent: [CodeWay] = [], lastSent: Instant? = nil,
        next: [CodeWay: Instant] = [:], before: Instant? = nil
    ) {
        self.id = id
        self.expires = expires
        self.sent = sent
        self.lastSent = lastSent
        self.next = next
        self.before = before
    }

    /// Six random digits; at most ten minutes (SP 800-63B-4 section 3.1.3.2).
    package static let digits = 6
    package static let lifetime = Span.minutes(10)
    /// While so much of its time remains a resend carries the same code.
    package static let carriedWhile = Span.minutes(3)

    /// Whether sending again sends this code, and not a new one.
    package func isCarried(at now: Instant) -> Bool { self.expires - now >= Self.carriedWhile }

    /// The same code, sent by one more way, or once more.
    package func sent(by way: CodeWay, next: [CodeWay: Instant], at now: Instant) -> CodeChallenge {
        var challenge = self
        if !challenge.sent.contains(way) { challenge.sent.append(way) }
        challenge.lastSent = now
        challenge.next = next
        challenge.before = nil
        return challenge
    }

    /// For a code that takes the place of this one.
    package func renewed(until expires: Instant) -> CodeChallenge { CodeChallenge(id: self.id, expires: expires) }

    /// The same code, which could not be sent now.
    package func waiting(next: [CodeWay: Instant], before: Instant? = nil) -> CodeChallenge {
        var challenge = self
        challenge.next = next
        challenge.before = before
        return challenge
    }

    /// What a right answer proves: the possession of the number, by text or by voice where only one of them was used.
    var methods: [AuthenticationMethod] {
        switch self.sent {
        case [.text]: [.oneTimePassword, .text]
        case [.voice]: [.oneTimePassword, .call]
        default: [.oneTimePassword]
        }
    }
}
