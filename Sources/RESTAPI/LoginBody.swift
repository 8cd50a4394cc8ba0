internal import Authenticators
internal import Channels
internal import Encodings
internal import Flows
internal import Identifiers
internal import Login
internal import Outbox
internal import Sessions
internal import Time

/// A login as applications see it. docs/integrate.md describes each member.
enum LoginBody {
    static func of(
        _ view: LoginView, secret: SecretToken? = nil, statement: String? = nil, code: SecretToken? = nil,
        device: SecretToken? = nil
    ) -> JSONValue {
        let common: KeyValuePairs<String, JSONValue?> = [
            "id": .string(view.id.text), "secret": secret.map { .string($0.text) },
            "state": .string(Self.name(of: view.state, in: view.purpose)), "expires_at": .string(view.deadline.rfc3339),
            "statement": statement.map(JSONValue.string), "code": code.map { .string($0.text) },
            "device": device.map { .string($0.text) },
        ]
        guard case .object(let members) = JSONValue.object(omittingAbsent: common),
            case .object(let more) = Self.details(view.state, view.delivery)
        else { return .null }
        return .object(members + more)
    }

    /// The state's public name. A granted factor check is finished in the same step.
    static func name(of state: LoginState, in purpose: LoginPurpose) -> String {
        switch state {
        case .awaitingPassword: "awaiting_password"
        case .choosingFactor: "choosing_authenticator"
        case .awaitingResponse: "awaiting_response"
        case .granted: "granted"
        case .finished: purpose == .factorCheck ? "granted" : "finished"
        case .refused: "refused"
        }
    }

    private static func details(_ state: LoginState, _ delivery: CodeDelivery?) -> JSONValue {
        switch state {
        case .awaitingPassword: .object([])
        case .granted(let state): Self.limit(state.limitedUntil)
        case .finished(let state): Self.limit(state.limitedUntil)
        case .choosingFactor(let state):
            .object(omittingAbsent: [
                "authenticators": Self.list(state.subject.authenticators),
                "blocked": state.blocked.map {
                    ["authenticator": .string($0.authenticator.text), "until": .string($0.until.rfc3339)]
                },
                "codes_ended": state.codesEnded ? true : nil,
            ])
        case .awaitingResponse(let state):
            .object(omittingAbsent: [
                "authenticators": Self.list(state.subject.authenticators),
                "authenticator": Self.one(state.factor), "challenge": Self.digits(state.challenge),
                "challenge_expires_at": .string(state.challenge.expires.rfc3339),
                "code": Self.code(state.challenge, delivery), "wrong_answer": state.lastWrong.map(Self.wrong),
            ])
        case .refused(let refusal):
            .object(omittingAbsent: [
                "reason": .string(Self.reason(refusal)),
                "continue_at": refusal == .pinChangeRequired ? "/account" : nil,
            ])
        }
    }

    /// What is typed into a card.
    private static func digits(_ challenge: Challenge) -> JSONValue? {
        guard case .card(let challenge) = challenge else { return nil }
        return .string(challenge.digits)
    }

    private static func code(_ challenge: Challenge, _ delivery: CodeDelivery?) -> JSONValue? {
        guard case .code(let challenge) = challenge else { return nil }
        return Self.code(challenge, delivery?.keptBack, delivery.map(Self.delivery))
    }

    /// By which ways a code went to a telephone number, and from when on it may be asked for again by each.
    ///
    /// - Parameter delivery: how far the last one came; not told of a number that is only typed.
    static func code(_ challenge: CodeChallenge, _ keptBack: KeptBack?, _ delivery: JSONValue? = nil) -> JSONValue {
        .object(omittingAbsent: [
            "sent_by": .array(challenge.sent.map { .string($0.rawValue) }),
            "sent_at": challenge.lastSent.map { .string($0.rfc3339) },
            "text_from": challenge.next[.text].map { .string($0.rfc3339) },
            "voice_from": challenge.next[.voice].map { .string($0.rfc3339) },
            "kept_back": keptBack.map { .string($0.rawValue) }, "delivery": delivery,
        ])
    }

    private static func delivery(_ delivery: CodeDelivery) -> JSONValue {
        .object(omittingAbsent: [
            "by": .string(delivery.way.rawValue), "state": .string(delivery.state.rawValue),
            "progress": delivery.progress.map { .string($0.rawValue) },
        ])
    }

    /// A weaker factor's limits stay on the session, or the statement.
    private static func limit(_ until: Instant?) -> JSONValue {
        .object(omittingAbsent: ["limited_until": until.map { .string($0.rfc3339) }])
    }

    private static func wrong(_ answer: WrongAnswer) -> JSONValue {
        .object(omittingAbsent: [
            "attempts_left": .integer(Int64(answer.triesLeft)),
            "older_code": answer.isOlderCode ? .bool(true) : nil,
            "next_block_seconds": answer.nextBlock.map { .integer($0.secondsRoundedUp) },
        ])
    }

    private static func list(_ authenticators: [AuthenticatorSummary]) -> JSONValue {
        .array(authenticators.map(Self.one))
    }

    private static func one(_ authenticator: AuthenticatorSummary) -> JSONValue {
        [
            "id": .string(authenticator.id.text), "kind": .string(authenticator.kind.rawValue),
            "label": .string(authenticator.label),
        ]
    }

    private static func reason(_ refusal: LoginRefusal) -> String {
        switch refusal {
        case .expired: "expired"
        case .challengeExpired: "challenge_expired"
        case .cancelled: "cancelled"
        case .noAuthenticator: "no_authenticator"
        case .authenticatorDisabled: "authenticator_disabled"
        case .disowned: "disowned"
        case .pinChangeRequired: "pin_change_required"
        }
    }
}
