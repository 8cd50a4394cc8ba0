internal import Authenticators
internal import Encodings
internal import Flows
internal import Time

extension AdminBody {
    static func obstacle(_ obstacle: LoginObstacle) -> JSONValue {
        switch obstacle {
        case .userDisabled: Self.obstacle("user_disabled")
        case .noPassword: Self.obstacle("no_password")
        case .passwordLocked(let until): Self.obstacle("password_locked", until: until)
        case .passwordMustBeSet: Self.obstacle("password_must_be_set")
        case .noActiveAuthenticator: Self.obstacle("no_active_authenticator")
        case .responsesBlocked(let until): Self.obstacle("responses_blocked", until: until)
        case .activationBlocked(let until): Self.obstacle("activation_blocked", until: until)
        case .authenticator(let authenticator, let obstacle): Self.obstacle(obstacle, of: authenticator)
        }
    }

    private static func obstacle(
        _ obstacle: AuthenticatorObstacle, of authenticator: AuthenticatorSummary
    ) -> JSONValue {
        switch obstacle {
        case .unusable(let status): Self.obstacle("authenticator_unusable", of: authenticator, status: status)
        case .notYet(let start): Self.obstacle("authenticator_not_yet_usable", of: authenticator, until: start)
        case .over(let end): Self.obstacle("authenticator_expired", of: authenticator, since: end)
        case .blocked(let until): Self.obstacle("authenticator_blocked", of: authenticator, until: until)
        case .challengedTooOften(let until): Self.obstacle("challenged_too_often", of: authenticator, until: until)
        case .pinMustChange: Self.obstacle("pin_must_change", of: authenticator)
        case .codes(.ended): Self.obstacle("codes_ended", of: authenticator)
        case .codes(.stopped(let until)): Self.obstacle("codes_stopped", of: authenticator, until: until)
        case .codes(.withheld): Self.obstacle("codes_withheld", of: authenticator)
        case .codes(.numberLimit(let until)): Self.obstacle("codes_used_up", of: authenticator, until: until)
        case .codes(.notThere): Self.obstacle("codes_not_sent", of: authenticator)
        }
    }

    private static func obstacle(
        _ kind: String, of authenticator: AuthenticatorSummary? = nil, status: AuthenticatorStatus? = nil,
        since: Instant? = nil, until: Instant? = nil
    ) -> JSONValue {
        .object(omittingAbsent: [
            "kind": .string(kind), "authenticator_kind": authenticator.map { .string($0.kind.rawValue) },
            "label": authenticator.map { .string($0.label) }, "status": status.map { .string($0.rawValue) },
            "since": since.map { .string($0.rfc3339) }, "until": until.map { .string($0.rfc3339) },
        ])
    }
}
