internal import Applications
internal import Authenticators
internal import Channels
internal import Flows
internal import Login
internal import Outbox
internal import Time

/// A code on its way to a telephone number, in words: wherever it is typed.
enum CodeWords {
    /// What went out, and what may be asked for.
    ///
    /// - Parameter surface: of the application that the user signs in to; each has its own words for asking again.
    static func challenge(
        _ challenge: CodeChallenge, to last: String, _ messages: Messages,
        surface: ApplicationSurface = .webPortal, at now: Instant
    ) -> [String: Any] {
        [
            "lead": messages.text("code.\(Self.lead(challenge))", ["last": last]),
            "response_label": messages.text("code.label"), "digits": "\(CodeChallenge.digits)",
            "not_received": messages.text("code.not_received.\(surface.rawValue)"), "has_ways": !challenge.next.isEmpty,
            "ways": CodeWay.allCases.compactMap { Self.way($0, challenge, messages, at: now) },
        ]
    }

    private static func lead(_ challenge: CodeChallenge) -> String {
        switch (challenge.sent.contains(.text), challenge.sent.contains(.voice)) {
        case (false, false): "nothing_sent"
        case (true, false): "sent_text"
        case (false, true): "sent_voice"
        case (true, true): "sent_both"
        }
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

    /// What is known of a code on its way; always true, and never more than is known.
    static func delivery(_ delivery: CodeDelivery, _ messages: Messages) -> String {
        messages.text("code.delivery.\(delivery.way.rawValue).\(Self.word(delivery))")
    }

    private static func word(_ delivery: CodeDelivery) -> String {
        if let keptBack = delivery.keptBack { return keptBack.rawValue }
        return switch (delivery.way, delivery.state) {
        case (_, .waiting), (_, .attempting): "waiting"
        case (.voice, .sent): delivery.progress == .answered ? "answered" : "sent"
        case (.text, .sent): delivery.progress == .buffered ? "buffered" : "sent"
        case (_, .delivered): "delivered"
        case (.voice, .expired) where delivery.foundNoLine: "no_line"
        case (.text, .failed), (_, .expired), (_, .withdrawn): "failed"
        case (.voice, .failed): Self.ending(delivery.progress)
        }
    }

    private static func ending(_ progress: DeliveryProgress?) -> String {
        switch progress {
        case .busy, .declined: "busy"
        case .noAnswer: "no_answer"
        case .hungUp: "hung_up"
        case .noKeyPressed: "no_key"
        case .notRequested: "not_requested"
        case .buffered, .delivered, .expired, .undeliverable, .rejected, .unknown, .ringing, .answered, .heard, nil:
            "failed"
        }
    }

    /// How far the last code came; and that none goes there, where it was kept back: whatever went out before.
    static func values(_ delivery: CodeDelivery?, to last: String, _ messages: Messages) -> [String: Any] {
        guard let delivery else { return [:] }
        var values: [String: Any] = ["delivery": Self.delivery(delivery, messages)]
        if delivery.keptBack != nil { values["lead"] = messages.text("code.kept_back", ["last": last]) }
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
