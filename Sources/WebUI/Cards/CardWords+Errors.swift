internal import Authenticators
internal import Flows
internal import Login
internal import Time

/// What was refused, and why.
extension CardWords {
    static func sentence(_ refusal: CardRefusal, _ messages: Messages, at now: Instant) -> String {
        let word: String
        switch refusal {
        case .blocked(let until):
            return messages.text("account.card.refused.blocked", ["duration": messages.duration(until - now)])
        case .noActiveAuthenticator: word = "no_active_authenticator"
        case .overdue: word = "overdue"
        case .outsideItsDates: word = "outside_its_dates"
        case .outOfStock: word = "out_of_stock"
        case .underWay: word = "under_way"
        case .disabled: word = "disabled"
        case .challengeExpired: word = "challenge_expired"
        case .notNow, .notSignedIn, .secondFactorNeeded, .strongerFactorNeeded, .limited, .pinChangeNeeded, .noSuchCard,
            .noSuchUser, .pin, .pinsDiffer, .address, .movedOn:
            word = "not_now"
        }
        return messages.text("account.card.refused.\(word)")
    }

    static func sentence(_ error: CardPINError, _ messages: Messages) -> String {
        switch error {
        case .missing: messages.text("account.card.pin.errors.missing")
        case .notDigits: messages.text("account.card.pin.errors.not_digits")
        case .tooShort(let minimum): messages.text("account.card.pin.errors.too_short", ["minimum": "\(minimum)"])
        case .tooLong(let maximum): messages.text("account.card.pin.errors.too_long", ["maximum": "\(maximum)"])
        case .tooCommon: messages.text("account.card.pin.errors.too_common")
        }
    }

    static func sentence(_ error: DeliveryAddressError, _ messages: Messages) -> String {
        switch error {
        case .missing: messages.text("account.order.errors.address_missing")
        case .tooManyLines(let maximum):
            messages.text("account.order.errors.too_many_lines", ["maximum": "\(maximum)"])
        case .lineTooLong(let maximum): messages.text("account.order.errors.line_too_long", ["maximum": "\(maximum)"])
        case .forbiddenCharacter: messages.text("account.order.errors.forbidden_character")
        }
    }

    static func pinHint(_ policy: PINPolicy, _ messages: Messages) -> [String: Any] {
        [
            "pin_hint": messages.text(
                "account.card.pin.hint", ["minimum": "\(policy.shortest)", "maximum": "\(policy.longest)"])
        ]
    }

    /// A challenge, and how long it can be answered.
    static func challenge(_ challenge: CardChallenge, _ messages: Messages, at now: Instant) -> [String: Any] {
        let left = challenge.expires - now
        return [
            "challenge": challenge.digits, "challenge_digits": challenge.digits.map(String.init), "digits": "8",
            "expires_seconds": "\(max(0, left.secondsRoundedUp))",
            "expires": messages.text("card.valid_for", ["duration": messages.duration(left)]),
        ]
    }

    /// The challenge of a task, with what became of the last response.
    static func challenge(_ view: CardTaskView, _ messages: Messages, at now: Instant) -> [String: Any] {
        guard let challenge = view.task.challenge else { return [:] }
        var values = self.challenge(challenge, messages, at: now)
        switch view.notice {
        case nil: break
        case .wrong(let wrong): values.merge(self.wrong(wrong, messages)) { $1 }
        case .responseMissing: values["error"] = messages.text("card.errors.code_missing")
        case .responseMalformed(let digits):
            values["error"] = messages.text("card.errors.code_malformed", ["digits": "\(digits)"])
        case .pin(let error): values["pin_error"] = self.sentence(error, messages)
        case .pinsDiffer: values["again_error"] = messages.text("account.card.pin.errors.different")
        case .pinIsTheOldOne: values["pin_error"] = messages.text("account.card.pin.errors.old_one")
        }
        return values
    }

    static func wrong(_ wrong: WrongAnswer, _ messages: Messages) -> [String: Any] {
        var values: [String: Any] = [
            "error": messages.text("card.errors.wrong_code"),
            "attempts": messages.text("card.attempts", count: Int64(wrong.triesLeft)),
        ]
        if wrong.triesLeft == 1 {
            values["warning"] =
                wrong.nextBlock.map { messages.text("card.warning", ["duration": messages.duration($0)]) }
                ?? messages.text("card.warning_disabled")
        }
        return values
    }
}
