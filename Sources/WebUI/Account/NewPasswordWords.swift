internal import Identity

/// What a form for a new password says.
enum NewPasswordWords {
    /// - Parameter hasSecondFactor: whether the password will not be the only factor.
    static func hint(_ messages: Messages, hasSecondFactor: Bool) -> [String: Any] {
        let minimum = hasSecondFactor ? PasswordPolicy.shortest : PasswordPolicy.shortestAlone
        return ["password_hint": messages.text("password.hint", ["minimum": "\(minimum)"])]
    }

    /// The sentence for what was refused, at the field where it is to be mended.
    static func error(_ error: NewPasswordError, _ messages: Messages) -> [String: Any] {
        switch error {
        case .missing: ["new_error": messages.text("password.errors.missing")]
        case .different: ["again_error": messages.text("password.errors.different")]
        case .weak(let why): ["new_error": self.sentence(why, messages)]
        }
    }

    private static func sentence(_ why: PasswordPolicyError, _ messages: Messages) -> String {
        switch why {
        case .tooShort(let minimum): messages.text("password.errors.too_short", ["minimum": "\(minimum)"])
        case .tooLong: messages.text("password.errors.too_long")
        case .controlCharacter: messages.text("password.errors.control_character")
        case .tooCommon: messages.text("password.errors.too_common")
        case .aboutTheAccount: messages.text("password.errors.about_the_account")
        }
    }
}
