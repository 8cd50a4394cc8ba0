internal import Applications
internal import Audit
internal import Authenticators
internal import Encodings
internal import Identifiers
internal import Identity
package import Login
internal import Sessions
internal import Storage
package import Time

/// What the steps of a login share, inside one transaction.
extension LoginFlow {
    /// The login, if the ticket opens it. The id alone opens nothing.
    func owned(_ ticket: LoginTicket, _ stored: StoredLogin?) throws -> StoredLogin {
        guard let stored, constantTimeEquals(stored.secretHash, ticket.secret.hash) else {
            throw FlowError.noSuchLogin
        }
        return stored
    }

    func view(
        _ stored: StoredLogin, _ login: Login? = nil, in store: StoreTransaction, at now: Instant,
        notice: LoginNotice? = nil
    ) throws -> LoginView {
        guard let application = try store.applications.find(stored.application) else { throw FlowError.noSuchLogin }
        let current = login ?? stored.login
        return LoginView(
            id: stored.id, application: application, purpose: stored.purpose, state: current.state(at: now),
            deadline: current.deadline, at: now, notice: notice)
    }

    /// Handles one event, saves the state over the version that was read, and carries out the effects.
    ///
    /// - Parameter user: whom the audit trail names while the state does not.
    func advance(
        _ stored: StoredLogin, by event: LoginEvent, in store: StoreTransaction, origin: RequestOrigin, at now: Instant,
        notice: LoginNotice? = nil, user: UserID? = nil
    ) throws -> LoginView {
        var login = stored.login
        let effects: [LoginEffect]
        do {
            effects = try login.handle(event, at: now)
        } catch LoginError.notNow {
            return try self.view(stored, in: store, at: now, notice: .movedOn)
        } catch LoginError.notOneOfTheUsers {
            return try self.view(stored, in: store, at: now, notice: .notOneOfTheUsers)
        }
        try self.record(effects, of: stored, user: user ?? login.state.user, in: store, origin: origin, at: now)
        try store.logins.save(login, over: stored)
        return try self.view(stored, login, in: store, at: now, notice: notice)
    }

    func record(
        _ effects: [LoginEffect], of stored: StoredLogin, user: UserID?, in store: StoreTransaction,
        origin: RequestOrigin, at now: Instant
    ) throws {
        let context = AuditContext(
            origin, user: user ?? stored.login.state.user, login: stored.id, application: stored.application)
        try self.environment.record(effects.notes, context: context, in: store, at: now)
    }

    /// A fresh challenge for a card that was locked in this transaction, unless it is blocked.
    func offer(_ card: LockedCard, in store: StoreTransaction, at now: Instant) throws -> ChallengeOffer {
        if let until = card.block(at: now) ?? card.rest(after: self.limits.challengesAnHour, at: now) {
            return .blocked(BlockedFactor(authenticator: card.summary.id, until: until))
        }
        let digits = CardChallenge.digits(for: card.suite.ocra, random: self.environment.random.bytes(8))
        try store.cards.use(digits, on: card, at: now)
        let expires = now + self.limits.challenge
        return .challenge(
            CardChallenge(id: self.environment.id(at: now), digits: digits, expires: expires), for: card.summary.id)
    }

    /// Counts the try, compares, and saves the counts. Expiry is looked at first; what cannot be a response is not
    /// counted. Nothing may throw after the count: it would undo it.
    func check(
        _ typed: String, for stored: StoredLogin, card: LockedCard, in store: StoreTransaction, at now: Instant
    ) throws -> Result<ResponseResult, LoginNotice> {
        guard case .awaitingResponse(let waiting) = stored.login.state(at: now) else { return .failure(.movedOn) }
        guard now < waiting.challenge.expires else { return .success(.tooLate) }
        let response: CardResponse
        do {
            response = try CardResponse(typed, for: card.suite)
        } catch .missing {
            return .failure(.responseMissing)
        } catch .malformed(let digits) {
            return .failure(.responseMalformed(digits: digits))
        }
        guard card.isUsable(at: now) else { return .success(.disabled) }
        if let until = card.block(at: now) { return .success(.blocked(until: until)) }
        return .success(try self.compare(response, waiting.challenge, card: card, in: store, at: now))
    }

    /// Counts, compares and saves the counts of a card that is not blocked, whatever the response is for.
    ///
    /// - Parameter pinHash: of the PIN that the response must be under, where it is not the card's own yet.
    func compare(
        _ response: CardResponse, _ challenge: CardChallenge, under pinHash: [UInt8]? = nil, card: LockedCard,
        in store: StoreTransaction, at now: Instant
    ) throws -> ResponseResult {
        let own = try store.cards.open(card)
        let opened = pinHash.map(own.with(pinHash:)) ?? own
        var counted = card
        counted.countTry(limits: self.limits.factor, at: now)
        if let evidence = opened.verify(response, to: challenge, at: now) {
            let cleared = card.succeeded()
            if cleared.throttlesDiffer(from: card) { try store.cards.save(cleared) }
            try store.cards.saveUse(of: card, at: now)
            return .right(evidence)
        }
        try store.cards.save(counted)
        let result = counted.failure(limits: self.limits.factor, at: now)
        try self.tell(counted, result, in: store, at: now)
        return result
    }

    /// The user is told before a lock, and of it: whoever answers wrongly so often knows the password already.
    private func tell(
        _ card: LockedCard, _ result: ResponseResult, in store: StoreTransaction, at now: Instant
    ) throws {
        let (kind, until): (NoticeKind, Instant?)
        switch result {
        case .wrong(let answer) where answer.triesLeft == 1: (kind, until) = (.authenticatorWarned, nil)
        case .blocked(let end): (kind, until) = (.authenticatorLocked, end)
        case .disabled: (kind, until) = (.authenticatorDisabled, nil)
        case .wrong, .right, .tooLate: return
        }
        let details = NoticeDetails(authenticator: card.summary.label, until: until)
        try self.environment.tell(card.user, kind, details, in: store, at: now)
    }
}

extension Login {
    /// The state as it is to be shown: a login that outlived its deadline is over, even if nobody has said so yet.
    package func state(at now: Instant) -> LoginState {
        switch self.state {
        case .awaitingPassword, .choosingFactor, .awaitingResponse, .granted:
            now >= self.deadline ? .refused(.expired) : self.state
        case .finished, .refused: self.state
        }
    }
}

extension LoginState {
    /// A challenge that still lives is asked again, not replaced.
    func hasLiveChallenge(for authenticator: AuthenticatorID, at now: Instant) -> Bool {
        guard case .awaitingResponse(let waiting) = self else { return false }
        return waiting.factor.id == authenticator && now < waiting.challenge.expires
    }
}

extension LockedCard {
    /// The end of the hour in which it was challenged too often.
    func rest(after most: Int64, at now: Instant) -> Instant? {
        let hour = Span.hours(1).milliseconds
        guard self.hour == now.milliseconds / hour, self.challengesThisHour >= most else { return nil }
        return Instant(milliseconds: (self.hour + 1) * hour)
    }

    /// The end of a block that holds, of the user or of the card.
    func block(at now: Instant) -> Instant? {
        [self.userThrottle.block(at: now), self.cardThrottle.block(at: now)].compactMap { $0 }.max()
    }

    mutating func countTry(limits: FactorLimits, at now: Instant) {
        _ = self.userThrottle.begin(limits: limits, at: now)
        _ = self.cardThrottle.begin(limits: limits, at: now)
        if self.cardThrottle.isUsedUp(limits: self.own(limits)) { self.status = .disabled }
    }

    /// The limits of this card: its maker may end it sooner.
    private func own(_ limits: FactorLimits) -> FactorLimits { limits.with(disabledAfter: self.pinPolicy.mostFailures) }

    /// The card after a right answer. What it may be used for is as before.
    func succeeded() -> LockedCard {
        var card = self
        card.userThrottle.succeeded()
        card.cardThrottle.succeeded()
        return card
    }

    func throttlesDiffer(from other: LockedCard) -> Bool {
        self.userThrottle != other.userThrottle || self.cardThrottle != other.cardThrottle
    }

    /// What a wrong answer came to, once it is counted.
    func failure(limits: FactorLimits, at now: Instant) -> ResponseResult {
        if self.status == .disabled { return .disabled }
        if let until = self.block(at: now) { return .blocked(until: until) }
        return .wrong(self.wrongAnswer(limits: limits, at: now))
    }

    private func wrongAnswer(limits: FactorLimits, at now: Instant) -> WrongAnswer {
        let own = self.own(limits)
        let isLast = self.cardThrottle.failures + 1 >= own.disabledAfter
        let blocks = [self.userThrottle, self.cardThrottle].compactMap { $0.nextBlock(limits: limits) }
        return WrongAnswer(
            triesLeft: min(
                self.userThrottle.triesLeft(limits: limits, at: now), self.cardThrottle.triesLeft(limits: own, at: now)),
            nextBlock: isLast ? nil : blocks.max())
    }
}

/// A notice can stand in for the result of a check that did not take place.
extension LoginNotice: Error {}
