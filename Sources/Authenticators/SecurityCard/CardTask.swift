/// What a user does with the card in hand beside logging in: activate it, or change its PIN. It waits for the response to
/// one challenge at a time, and goes on only by a proof for that one.
package enum CardTask: Hashable, Sendable {
    case activating(CardChallenge)
    case provingOldPIN(CardChallenge)
    case choosingPIN(CardChallenge)
    /// Nothing more comes.
    case done

    package var name: String {
        switch self {
        case .activating: "activating"
        case .provingOldPIN: "provingOldPIN"
        case .choosingPIN: "choosingPIN"
        case .done: "done"
        }
    }

    /// The challenge that waits.
    package var challenge: CardChallenge? {
        switch self {
        case .activating(let challenge), .provingOldPIN(let challenge), .choosingPIN(let challenge): challenge
        case .done: nil
        }
    }

    package mutating func handle(_ event: CardTaskEvent) throws(CardTaskError) {
        switch (self, event) {
        case (.activating(let challenge), .answered(let evidence)):
            try Self.require(evidence, for: challenge)
            self = .done
        case (.provingOldPIN(let challenge), .proven(let evidence, let next)),
            (.choosingPIN(let challenge), .proven(let evidence, let next)):
            try Self.require(evidence, for: challenge)
            self = .choosingPIN(next)
        case (.choosingPIN(let challenge), .answered(let evidence)):
            try Self.require(evidence, for: challenge)
            self = .done
        case (.activating, .ended), (.provingOldPIN, .ended), (.choosingPIN, .ended): self = .done
        case (.activating, .proven), (.provingOldPIN, .answered), (.done, .answered), (.done, .proven),
            (.done, .ended):
            throw .notNow
        }
    }

    private static func require(_ evidence: FactorEvidence, for challenge: CardChallenge) throws(CardTaskError) {
        guard evidence.challenge == challenge.id else { throw .evidenceForAnotherChallenge }
    }
}

package enum CardTaskEvent: Hashable, Sendable {
    /// The last response, and it was right.
    case answered(FactorEvidence)
    /// The response under the old PIN was right, at the first step or as if that were the new one; the next challenge is for the
    /// new one.
    case proven(FactorEvidence, next: CardChallenge)
    /// Too late, or not possible any more.
    case ended
}

package enum CardTaskError: Error, Hashable, Sendable {
    case notNow
    case evidenceForAnotherChallenge
}
