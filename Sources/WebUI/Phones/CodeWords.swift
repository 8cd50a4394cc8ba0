internal import Applications
internal import Authenticators
internal import Flows
internal import Outbox
internal import Time

/// A code on its way to a telephone number, in words: wherever it is typed.
enum CodeWords {
    /// What went out and how far it came, and what may be asked for.
    ///
    /// - Parameter surface: of the application that the user signs in to; each has its own words for asking again.
    static func challenge(
        _ code: CodeOnItsWay, _ messages: Messages, surface: ApplicationSurface = .webPortal, at now: Instant
    ) -> [String: Any] {
        let challenge = code.challenge
        var values: [String: Any] = [
            "lead": code.lead(messages, at: now),
            "response_label": messages.text("code.label"), "digits": "\(CodeChallenge.digits)",
            "not_received": messages.text("code.not_received.\(surface.rawValue)"), "has_ways": !challenge.next.isEmpty,
            "ways": CodeWay.allCases.compactMap { Self.way($0, challenge, messages, at: now) },
        ]
        if let delivery = code.status(messages) { values["delivery"] = delivery }
        return values
    }

    /// The button for one way, with how long to wait before it may be pressed.
    private static func way(
        _ way: CodeWay, _ challenge: CodeChallenge, _ messages: Messages, at now: Instant
    ) -> [String: Any]? {
        guard let next = challenge.next[way] else { return nil }
        var values: [String: Any] = ["way": way.rawValue, "label": messages.text("code.send_\(way.rawValue)")]
        if way == .voice { values["hint"] = messages.text("code.voice_hint") }
        guard now < next else { return values }
        values["wait_seconds"] = "\((next - now).secondsRoundedUp)"
        values["wait_live"] = messages.text("code.\(way.rawValue)_in_live")
        values["wait_text"] = messages.text("code.\(way.rawValue)_in", ["duration": messages.duration(next - now)])
        return values
    }

    static func wrong(triesLeft: Int, isOlderCode: Bool, _ messages: Messages) -> [String: Any] {
        [
            "error": messages.text(isOlderCode ? "code.errors.older_code" : "code.errors.wrong_code"),
            "attempts": messages.text("card.attempts", count: Int64(triesLeft)),
        ]
    }

    /// What a step came to that changed nothing.
    static func errors(_ notice: LoginNotice?, _ messages: Messages, at now: Instant) -> [String: Any] {
        switch notice {
        case .responseMissing: ["error": messages.text("code.errors.code_missing")]
        case .responseMalformed(let digits):
            ["error": messages.text("code.errors.code_malformed", ["digits": "\(digits)"])]
        case .codeExpired: ["error": messages.text("code.errors.code_expired")]
        case .nothingSentYet: ["error": messages.text("code.errors.nothing_sent")]
        case .wayNotOffered: ["send_error": messages.text("code.errors.no_such_way")]
        case .codeNotSent(let refusal): ["send_error": Self.sentence(refusal, messages, at: now)]
        case nil, .wrongCredentials, .userNameMissing, .userNameMalformed, .passwordMissing, .passwordTooLong,
            .notOneOfTheUsers, .movedOn:
            [:]
        }
    }

    static func sentence(_ refusal: SendingRefusal, _ messages: Messages, at now: Instant) -> String {
        let name =
            switch refusal {
            case .tooSoon: "too_soon"
            case .numberLimit: "number_limit"
            case .limit: "limit"
            case .notThere: "not_there"
            case .stopped: "stopped"
            case .noSuchWay: "no_such_way"
            }
        let wait = refusal.until.map { messages.duration($0 - now) } ?? ""
        return messages.text("code.errors.\(name)", ["duration": wait])
    }
}
