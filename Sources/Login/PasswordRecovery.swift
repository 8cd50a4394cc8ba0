package import Authenticators
package import Encodings
package import Identifiers
package import Time

/// One attempt to set a forgotten password by an authenticator. For a name that nobody has, or whose user has none, it is
/// the same attempt, which no answer ever proves.
package struct PasswordRecovery: Hashable, Sendable {
    package let deadline: Instant
    package private(set) var state: RecoveryState

    package static let lifetime = Span.minutes(10)

    package init(state: RecoveryState, deadline: Instant) {
        self.state = state
        self.deadline = deadline
    }

    package init(_ challenge: CardChallenge, at now: Instant) {
        self.init(state: .awaitingResponse(challenge), deadline: now + Self.lifetime)
    }

    /// Advances by one event.
    ///
    /// - Throws: ``LoginError/notNow(event:state:)``; then the state is as before.
    package mutating func handle(_ event: RecoveryEvent, at now: Instant) throws(LoginError) {
        switch self.state(at: now) {
        case .awaitingResponse(let challenge): try self.handle(event, challenge)
        case .proven(let authenticator):
            switch event {
            case .passwordSet: self.state = .finished(authenticator)
            case .ended: self.state = .expired
            case .right, .wrong: throw self.notNow(event, at: now)
            }
        case .finished, .expired: throw self.notNow(event, at: now)
        }
    }

    private mutating func handle(_ event: RecoveryEvent, _ challenge: CardChallenge) throws(LoginError) {
        switch event {
        case .wrong: break
        case .right(let evidence):
            // The evidence must be for the challenge that we issued.
            guard evidence.challenge == challenge.id else { throw .notNow(event: event.name, state: self.state.name) }
            self.state = .proven(evidence.authenticator)
        case .ended: self.state = .expired
        case .passwordSet: throw .notNow(event: event.name, state: self.state.name)
        }
    }

    /// The state as it is to be shown: an attempt or a challenge that outlived its time is over.
    package func state(at now: Instant) -> RecoveryState {
        switch self.state {
        case .awaitingResponse(let challenge) where now >= challenge.expires: .expired
        case .awaitingResponse, .proven: now >= self.deadline ? .expired : self.state
        case .finished, .expired: self.state
        }
    }

    private func notNow(_ event: RecoveryEvent, at now: Instant) -> LoginError {
        .notNow(event: event.name, state: self.state(at: now).name)
    }
}

/// The names are schema.
package enum RecoveryState: Hashable, Sendable {
    case awaitingResponse(CardChallenge)
    /// The password may be set anew.
    case proven(AuthenticatorID)
    case finished(AuthenticatorID)
    case expired

    package var name: String {
        switch self {
        case .awaitingResponse: "awaitingResponse"
        case .proven: "proven"
        case .finished: "finished"
        case .expired: "expired"
        }
    }
}

package enum RecoveryEvent: Hashable, Sendable {
    case right(FactorEvidence)
    case wrong
    case passwordSet
    /// What was or would be proven is worth nothing any more: how the user signs in has changed meanwhile.
    case ended

    package var name: String {
        switch self {
        case .right: "right"
        case .wrong: "wrong"
        case .passwordSet: "passwordSet"
        case .ended: "ended"
        }
    }
}

extension RecoveryState: StoredAsJSON {
    package var json: JSONValue {
        switch self {
        case .awaitingResponse(let challenge): [self.name: ["_0": challenge.json]]
        case .proven(let authenticator): [self.name: ["_0": authenticator.json]]
        case .finished(let authenticator): [self.name: ["_0": authenticator.json]]
        case .expired: [self.name: [:]]
        }
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let (name, payload) = try json.storedCase()
        switch name {
        case "awaitingResponse": self = .awaitingResponse(try payload.stored("_0"))
        case "proven": self = .proven(try payload.stored("_0"))
        case "finished": self = .finished(try payload.stored("_0"))
        case "expired": self = .expired
        default: throw .unknown(name)
        }
    }
}
