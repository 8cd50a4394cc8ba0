internal import Authenticators
internal import Identity
internal import Login
internal import Outbox
internal import Storage
internal import Time

/// Counting and comparing, inside one transaction. Expiry is looked at first; what cannot be an answer is not counted.
/// Nothing may throw after the count: it would undo it.
extension LoginFlow {
    /// Takes a card's response.
    func check(
        _ typed: String, for stored: StoredLogin, card: LockedCard, in store: StoreTransaction, at now: Instant
    ) throws -> Result<ResponseResult, LoginNotice> {
        guard case .awaitingResponse(let waiting) = stored.login.state(at: now),
            case .card(let challenge) = waiting.challenge
        else { return .failure(.movedOn) }
        guard now < challenge.expires else { return .success(.tooLate) }
        let response: CardResponse
        do {
            response = try CardResponse(typed, for: card.suite)
        } catch {
            return .failure(LoginNotice(error))
        }
        guard card.isUsable(at: now) else { return .success(.disabled) }
        if let until = card.block(at: now) { return .success(.blocked(until: until)) }
        return .success(try self.compare(response, challenge, card: card, in: store, at: now))
    }

    /// Takes the code that went to a telephone number.
    func check(
        _ typed: String, for stored: StoredLogin, phone: LockedPhone, in store: StoreTransaction, at now: Instant
    ) throws -> Result<ResponseResult, LoginNotice> {
        guard let challenge = stored.login.state(at: now).code else { return .failure(.movedOn) }
        guard now < challenge.expires else { return .failure(.codeExpired) }
        guard !challenge.sent.isEmpty else { return .failure(.nothingSentYet) }
        let code: TypedCode
        do {
            code = try TypedCode(typed)
        } catch {
            return .failure(LoginNotice(error))
        }
        if let end = phone.end { return .success(end) }
        if let until = phone.block(at: now) { return .success(.blocked(until: until)) }
        let codes = try store.loginCodes.all(of: stored.id)
        let isOlder = codes.contains { $0.challenge != challenge.id && $0.isTyped(code) }
        return .success(
            try self.count(phone, isOlderCode: isOlder, in: store, at: now) {
                codes.lazy.compactMap {
                    $0.verify(code, to: challenge, of: phone.summary.id, bound: phone.binding, at: now)
                }.first
            })
    }

    /// Counts that the code of a login was typed, once its step is saved.
    func countUsed(
        _ result: ResponseResult, of phone: LockedPhone, for login: StoredLogin, in store: StoreTransaction,
        at now: Instant
    ) throws {
        guard case .right = result, let challenge = login.login.state(at: now).code else { return }
        try self.countUsed(challenge.id, for: .login, of: phone.number, in: store)
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
        return try self.count(card, in: store, at: now) { opened.verify(response, to: challenge, at: now) }
    }

    private func count<Factor: LockedFactor>(
        _ factor: Factor, isOlderCode: Bool = false, in store: StoreTransaction, at now: Instant,
        _ verify: () -> FactorEvidence?
    ) throws -> ResponseResult {
        var counted = factor
        counted.countTry(limits: self.limits.factor, at: now)
        if let evidence = verify() {
            let cleared = factor.succeeded()
            if cleared.throttlesDiffer(from: factor) { try store.factorCounts.save(cleared) }
            try store.factorCounts.saveUse(of: factor, at: now)
            return .right(evidence)
        }
        try store.factorCounts.save(counted)
        let result = counted.failure(limits: self.limits.factor, isOlderCode: isOlderCode, at: now)
        try self.tell(counted, result, in: store, at: now)
        return result
    }

    /// The user is told before a lock, and of it: whoever answers wrongly so often knows the password already.
    private func tell(
        _ factor: some LockedFactor, _ result: ResponseResult, in store: StoreTransaction, at now: Instant
    ) throws {
        let (kind, until): (NoticeKind, Instant?)
        switch result {
        case .wrong(let answer) where answer.triesLeft == 1: (kind, until) = (.authenticatorWarned, nil)
        case .blocked(let end): (kind, until) = (.authenticatorLocked, end)
        case .disabled: (kind, until) = (.authenticatorDisabled, nil)
        case .wrong, .right, .tooLate, .removed: return
        }
        let details = NoticeDetails(authenticator: factor.summary.label, until: until)
        try self.environment.tell(factor.user, kind, details, in: store, at: now)
    }
}

extension LockedPhone {
    /// Why the number takes no code any more; nil where it does.
    var end: ResponseResult? {
        if self.isUsable { return nil }
        return self.status == .removed ? .removed : .disabled
    }
}

extension LockedFactor {
    /// The end of a block that holds, of the user or of the authenticator.
    func block(at now: Instant) -> Instant? {
        [self.userThrottle.block(at: now), self.ownThrottle.block(at: now)].compactMap { $0 }.max()
    }

    mutating func countTry(limits: FactorLimits, at now: Instant) {
        _ = self.userThrottle.begin(limits: limits, at: now)
        _ = self.ownThrottle.begin(limits: limits, at: now)
        if self.ownThrottle.isUsedUp(limits: self.own(limits)) { self.status = .disabled }
    }

    /// The limits of this one: its maker may end it sooner.
    private func own(_ limits: FactorLimits) -> FactorLimits { limits.with(disabledAfter: self.mostFailures) }

    /// As it is after a right answer. A code that proves possession alone clears its own failures, and never those of a PIN.
    func succeeded() -> Self {
        var factor = self
        if self.summary.kind.isMultiFactor {
            factor.userThrottle.succeeded()
        } else {
            factor.userThrottle.forgive(self.ownThrottle.failures)
        }
        factor.ownThrottle.succeeded()
        return factor
    }

    func throttlesDiffer(from other: Self) -> Bool {
        self.userThrottle != other.userThrottle || self.ownThrottle != other.ownThrottle
    }

    /// What a wrong answer came to, once it is counted.
    func failure(limits: FactorLimits, isOlderCode: Bool, at now: Instant) -> ResponseResult {
        if self.status == .disabled { return .disabled }
        if let until = self.block(at: now) { return .blocked(until: until) }
        let own = self.own(limits)
        let isLast = self.ownThrottle.failures + 1 >= own.disabledAfter
        let blocks = [self.userThrottle, self.ownThrottle].compactMap { $0.nextBlock(limits: limits) }
        return .wrong(
            WrongAnswer(
                triesLeft: min(
                    self.userThrottle.triesLeft(limits: limits, at: now),
                    self.ownThrottle.triesLeft(limits: own, at: now)),
                nextBlock: isLast ? nil : blocks.max(), isOlderCode: isOlderCode))
    }
}

extension LoginNotice {
    init(_ error: TypedDigitsError) {
        switch error {
        case .missing: self = .responseMissing
        case .malformed(let digits): self = .responseMalformed(digits: digits)
        }
    }
}
