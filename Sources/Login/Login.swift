internal import Audit
package import Authenticators
package import Identifiers
internal import PasswordHashing
package import Time

/// One attempt to sign in. It advances by events and knows when it ends.
package struct Login: Hashable, Sendable {
    package let deadline: Instant
    /// Whether a user who has no authenticator gets in by the password alone.
    package let passwordMaySuffice: Bool
    /// Whether it ends on the server's own pages, where a PIN can be changed that somebody else knows.
    package let endsOnPages: Bool
    package private(set) var state: LoginState

    /// From password to grant.
    package static let lifetime = Span.minutes(10)

    /// Restores a saved login.
    package init(
        state: LoginState, deadline: Instant, passwordMaySuffice: Bool = false, endsOnPages: Bool = true
    ) {
        self.state = state
        self.deadline = deadline
        self.passwordMaySuffice = passwordMaySuffice
        self.endsOnPages = endsOnPages
    }

    /// A login that begins with user name and password.
    package init(at now: Instant, lifetime: Span = Self.lifetime, passwordMaySuffice: Bool = false) {
        self.init(state: .awaitingPassword, deadline: now + lifetime, passwordMaySuffice: passwordMaySuffice)
    }

    /// A login that begins at the second factor, for an application that keeps the passwords itself.
    package init(
        of user: UserID, authenticators: [AuthenticatorSummary], at now: Instant, lifetime: Span = Self.lifetime
    ) {
        let subject = LoginSubject(
            user: user, passwordAt: nil, passwordSetAt: nil, authenticators: authenticators)
        let state = LoginState.choosingFactor(ChoosingFactor(subject: subject))
        self.init(state: state, deadline: now + lifetime, endsOnPages: false)
    }

    /// Advances by one event. Time is an argument: the machine owns no clock, no store, no randomness.
    package mutating func handle(_ event: LoginEvent, at now: Instant) throws(LoginError) -> [LoginEffect] {
        switch self.state {
        case .awaitingPassword, .choosingFactor, .awaitingResponse, .granted:
            // That somebody did not ask for its code counts whenever he says so.
            if now >= self.deadline, event != .disowned {
                return self.refuse(.expired, .loginRefused, reason: .expired)
            }
        case .finished, .refused: break
        }
        switch self.state {
        case .awaitingPassword: return try self.handlePassword(event, at: now)
        case .choosingFactor(let state): return try self.handleChoice(state, event, at: now)
        case .awaitingResponse(let state): return try self.handleResponse(state, event, at: now)
        case .granted(let state): return try self.handleGranted(state, event, at: now)
        case .finished: return try self.handleOver(event)
        case .refused(let refusal):
            // He has said so already.
            guard refusal != .disowned else { throw self.notNow(event) }
            return try self.handleOver(event)
        }
    }

    /// It stays as it ended, and the firm hears that it was not its user's.
    private func handleOver(_ event: LoginEvent) throws(LoginError) -> [LoginEffect] {
        guard event == .disowned else { throw self.notNow(event) }
        return [.record(AuditNote(.loginDisowned, .failure, reason: .notRequested))]
    }

    private mutating func handlePassword(_ event: LoginEvent, at now: Instant) throws(LoginError) -> [LoginEffect] {
        switch event {
        case .passwordRejected(let reason):
            return [.record(AuditNote(.passwordChecked, .failure, reason: reason))]
        case .passwordAccepted(let evidence, let authenticators, let offer):
            let accepted = LoginEffect.record(AuditNote(.passwordChecked, .success))
            guard !authenticators.isEmpty else {
                if self.passwordMaySuffice { return [accepted, self.grant(evidence, at: now)] }
                return [accepted] + self.refuse(.noAuthenticator, .loginRefused, reason: .noAuthenticator)
            }
            let subject = LoginSubject(
                user: evidence.user, passwordAt: now, passwordSetAt: evidence.passwordSetAt,
                authenticators: authenticators)
            guard let offer else {
                self.state = .choosingFactor(ChoosingFactor(subject: subject))
                return [accepted]
            }
            return [accepted] + (try self.accept(offer, for: subject))
        case .cancelled: return self.cancel()
        case .challenged, .responseChecked, .codeSent, .disowned, .codesEnded, .choseAnother, .finished:
            throw self.notNow(event)
        }
    }

    private mutating func handleChoice(
        _ state: ChoosingFactor, _ event: LoginEvent, at now: Instant
    ) throws(LoginError) -> [LoginEffect] {
        switch event {
        case .challenged(let offer): return try self.accept(offer, for: state.subject)
        case .choseAnother: return []
        // He may have asked for a code and then looked at another authenticator.
        case .disowned: return self.refuse(.disowned, .loginDisowned, reason: .notRequested)
        case .codesEnded(let number, let rest): return try self.endCodes(to: number, of: state.subject, leaving: rest)
        case .cancelled: return self.cancel()
        case .passwordAccepted, .passwordRejected, .responseChecked, .codeSent, .finished: throw self.notNow(event)
        }
    }

    private mutating func handleResponse(
        _ state: AwaitingResponse, _ event: LoginEvent, at now: Instant
    ) throws(LoginError) -> [LoginEffect] {
        switch event {
        case .responseChecked(let result): return self.handleResult(state, result, at: now)
        case .challenged(let offer): return try self.accept(offer, for: state.subject)
        case .codeSent(let challenge): return try self.send(challenge, state, event)
        case .disowned: return self.refuse(.disowned, .loginDisowned, reason: .notRequested)
        case .codesEnded(let number, let rest):
            return try self.endCodes(to: number, of: state.subject, leaving: rest)
        case .choseAnother:
            self.state = .choosingFactor(ChoosingFactor(subject: state.subject))
            return []
        case .cancelled: return self.cancel()
        case .passwordAccepted, .passwordRejected, .finished: throw self.notNow(event)
        }
    }

    private mutating func handleResult(
        _ state: AwaitingResponse, _ result: ResponseResult, at now: Instant
    ) -> [LoginEffect] {
        let card = state.factor.id
        switch result {
        case .tooLate: return self.refuse(.challengeExpired, .loginRefused, reason: .challengeExpired)
        case .right where now >= state.challenge.expires:
            return self.refuse(.challengeExpired, .loginRefused, reason: .challengeExpired)
        case .right(let evidence):
            return self.grant(state, evidence, at: now)
        case .wrong(let answer):
            var waiting = state
            waiting.lastWrong = answer
            self.state = .awaitingResponse(waiting)
            let reason = answer.isOlderCode ? AuditReason.olderCode : .wrongResponse
            return [.record(AuditNote(.responseChecked, .failure, reason: reason, authenticator: card))]
        case .blocked(let until):
            let blocked = BlockedFactor(authenticator: card, until: until)
            self.state = .choosingFactor(ChoosingFactor(subject: state.subject, blocked: blocked))
            return [.record(AuditNote(.authenticatorBlocked, .failure, reason: .blocked, authenticator: card))]
        case .disabled:
            let note = AuditNote(.authenticatorDisabled, .failure, reason: .disabled, authenticator: card)
            return self.drop(card, of: state.subject, note, orElse: (.authenticatorDisabled, .disabled))
        case .removed:
            let note = AuditNote(.responseChecked, .failure, reason: .removed, authenticator: card)
            return self.drop(card, of: state.subject, note, orElse: (.noAuthenticator, .noAuthenticator))
        }
    }

    private mutating func grant(
        _ state: AwaitingResponse, _ evidence: FactorEvidence, at now: Instant
    ) -> [LoginEffect] {
        // The evidence must be for the challenge that we issued, or a response for one login would open another.
        guard evidence.challenge == state.challenge.id, evidence.authenticator == state.factor.id else {
            return [.record(AuditNote(.responseChecked, .failure, reason: .evidenceForAnotherChallenge))]
        }
        let checked = LoginEffect.record(AuditNote(.responseChecked, .success, authenticator: state.factor.id))
        guard !evidence.pinMustChange || self.endsOnPages else {
            return [checked] + self.refuse(.pinChangeRequired, .loginRefused, reason: .pinMustChange)
        }
        let granted = Granted(subject: state.subject, factor: state.factor, by: evidence, at: now)
        self.state = .granted(granted)
        return [
            checked,
            .record(AuditNote(.loginGranted, .success, authenticator: state.factor.id)),
        ]
    }

    /// By the password alone: what it opens is decided by whoever gets the session.
    private mutating func grant(_ evidence: PasswordEvidence, at now: Instant) -> LoginEffect {
        self.state = .granted(
            Granted(
                user: evidence.user, factor: nil, methods: [.password], at: now, passwordSetAt: evidence.passwordSetAt))
        return .record(AuditNote(.loginGranted, .success, reason: .noAuthenticator))
    }

    /// Goes on without one that cannot be used any more; where it was the last, the login ends.
    private mutating func drop(
        _ card: AuthenticatorID, of subject: LoginSubject, _ note: AuditNote,
        orElse end: (refusal: LoginRefusal, reason: AuditReason)
    ) -> [LoginEffect] {
        var rest = subject
        rest.authenticators.removeAll { $0.id == card }
        guard !rest.authenticators.isEmpty else {
            return [.record(note)] + self.refuse(end.refusal, .loginRefused, reason: end.reason)
        }
        self.state = .choosingFactor(ChoosingFactor(subject: rest))
        return [.record(note)]
    }

    private mutating func handleGranted(
        _ state: Granted, _ event: LoginEvent, at now: Instant
    ) throws(LoginError) -> [LoginEffect] {
        switch event {
        case .finished:
            self.state = .finished(Finished(user: state.user, at: now, limitedUntil: state.limitedUntil))
            return [.issue(state), .record(AuditNote(.loginFinished, .success))]
        case .cancelled: return self.cancel()
        // The code was typed already: whoever has it is not the one who was called.
        case .disowned: return self.refuse(.disowned, .loginDisowned, reason: .notRequested)
        case .passwordAccepted, .passwordRejected, .challenged, .responseChecked, .codeSent, .codesEnded,
            .choseAnother:
            throw self.notNow(event)
        }
    }

    private mutating func accept(
        _ offer: ChallengeOffer, for subject: LoginSubject
    ) throws(LoginError) -> [LoginEffect] {
        switch offer {
        case .challenge(let challenge, for: let id):
            guard let factor = subject.authenticators.first(where: { $0.id == id }) else {
                throw .notOneOfTheUsers(id)
            }
            self.state = .awaitingResponse(AwaitingResponse(subject: subject, factor: factor, challenge: challenge))
            return [.record(AuditNote(.challengeIssued, .information, authenticator: id))]
        case .blocked(let blocked):
            self.state = .choosingFactor(ChoosingFactor(subject: subject, blocked: blocked))
            let card = blocked.authenticator
            return [.record(AuditNote(.authenticatorBlocked, .failure, reason: .blocked, authenticator: card))]
        }
    }

    /// The challenge for the same number, sent again; what was answered wrongly stays said.
    private mutating func send(
        _ challenge: CodeChallenge, _ state: AwaitingResponse, _ event: LoginEvent
    ) throws(LoginError) -> [LoginEffect] {
        guard case .code(let earlier) = state.challenge else { throw self.notNow(event) }
        self.state = .awaitingResponse(
            AwaitingResponse(
                subject: state.subject, factor: state.factor, challenge: .code(challenge), lastWrong: state.lastWrong))
        guard challenge.lastSent != earlier.lastSent else { return [] }
        return [.record(AuditNote(.challengeIssued, .information, authenticator: state.factor.id))]
    }

    /// Back to the choice, among what the user has by now: he activated the stronger one while the login was under way.
    private mutating func endCodes(
        to number: AuthenticatorID, of subject: LoginSubject, leaving rest: [AuthenticatorSummary]
    ) throws(LoginError) -> [LoginEffect] {
        guard subject.authenticators.contains(where: { $0.id == number }) else { throw .notOneOfTheUsers(number) }
        let note = LoginEffect.record(AuditNote(.codesEnded, .information, authenticator: number))
        var left = subject
        left.authenticators = rest
        self.state = .choosingFactor(ChoosingFactor(subject: left, codesEnded: true))
        return [note]
    }

    private mutating func cancel() -> [LoginEffect] {
        self.refuse(.cancelled, .loginCancelled, reason: .cancelledByUser)
    }

    private mutating func refuse(_ refusal: LoginRefusal, _ event: AuditEvent, reason: AuditReason) -> [LoginEffect] {
        self.state = .refused(refusal)
        return [.record(AuditNote(event, .failure, reason: reason))]
    }

    private func notNow(_ event: LoginEvent) -> LoginError {
        .notNow(event: event.name, state: self.state.name)
    }
}
