internal import Audit
internal import Authenticators
package import Identifiers
package import Identity
package import Login
internal import PasswordHashing
internal import Storage
package import Time

/// An attempt to recover a password, as whoever began it may see it.
package struct RecoveryView: Sendable {
    package let state: RecoveryState
    /// When it was looked at.
    package let at: Instant
    package let notice: RecoveryNotice?
}

package enum RecoveryNotice: Hashable, Sendable {
    case responseMissing
    case responseMalformed(digits: Int)
    case wrongResponse
    /// Too many wrong answers with this name.
    case blocked(until: Instant)
    case refused(NewPasswordError)
    /// The attempt is past this step.
    case movedOn
}

package enum RecoveryStart: Sendable {
    /// The secret opens the attempt.
    case started(SecretToken)
    case userNameMissing
    /// Too many attempts with this name.
    case blocked(until: Instant)
}

/// “Forgot password?”: an answer of an authenticator that works, then a new password. A name that nobody has, or whose user
/// has none, is shown a challenge all the same, after the same work.
///
/// Wrong answers count twice: towards the name's own budget, which is spent first, and on each card that was compared, as at
/// every door. So nobody can guess here; nor lock the user out of logging in, since what would leave the login too few tries
/// is not compared.
///
/// What was proven ends with whatever ends the user's sessions: `StoreTransaction.endRecoveries`.
package struct RecoveryFlow: Sendable {
    private let environment: FlowEnvironment
    private let login: LoginFlow
    private let policy: PasswordPolicy
    private var checker: PasswordChecker { self.login.checker }

    /// Each attempt asks the user's card for a challenge, of which there are so many an hour.
    static let starts = FactorLimits(freeTries: 5, blocks: [.hours(1)], disabledAfter: .max)
    static let startsForgotten = Span.hours(24)

    /// So many wrong answers a day with one name.
    static let answers = FactorLimits(freeTries: 3, blocks: [.hours(24)], disabledAfter: .max)
    static let answersForgotten = Span.hours(24)
    /// So many tries are left to logging in, whatever is tried here: the last of them brings the first block.
    static let leftToLogin = 2

    package init(account: AccountFlow) {
        self.environment = account.environment
        self.login = account.login
        self.policy = account.policy
    }

    package func start(_ userName: String, origin: RequestOrigin) async throws -> RecoveryStart {
        try await self.checker.pace.hold {
            guard let name = try? UserName(userName) else { return .userNameMissing }
            let (now, secret) = (self.environment.now(), self.environment.secret())
            return try await self.environment.store.write { store in
                let startKey = store.nameThrottles.key(name, for: .recoveryStart)
                var starts = try store.nameThrottles.lock(
                    startKey, forgottenBefore: now - Self.startsForgotten, at: now)
                if let until = starts.begin(limits: Self.starts, at: now) { return .blocked(until: until) }
                try store.nameThrottles.save(starts, for: startKey, at: now)
                let found = try store.users.find(name)
                let user = found?.id ?? self.environment.id(at: now)
                let challenge = try self.challenge(for: user, named: startKey, in: store, at: now)
                try store.recoveries.add(
                    PasswordRecovery(challenge, at: now), id: self.environment.id(at: now), secretHash: secret.hash,
                    name: store.nameThrottles.key(name, for: .recovery), user: user, at: now)
                try self.environment.record(
                    [AuditNote(.recoveryStarted, .information)], context: AuditContext(origin, user: found?.id),
                    in: store, at: now)
                return .started(secret)
            }
        }
    }

    /// The attempt as it stands.
    package func view(_ secret: SecretToken) async throws -> RecoveryView {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            guard let stored = try store.recoveries.find(secretHash: secret.hash) else { throw FlowError.noSuchLogin }
            return RecoveryView(state: stored.recovery.state(at: now), at: now, notice: nil)
        }
    }

    /// Takes the answer. The try is counted before anything is compared; expiry is looked at first.
    package func respond(
        to secret: SecretToken, with typed: String, origin: RequestOrigin
    ) async throws -> RecoveryView {
        try await self.checker.pace.hold {
            let now = self.environment.now()
            return try await self.environment.store.write { store in
                guard let found = try store.recoveries.find(secretHash: secret.hash) else {
                    throw FlowError.noSuchLogin
                }
                guard case .awaitingResponse(let challenge) = found.recovery.state(at: now) else {
                    return RecoveryView(state: found.recovery.state(at: now), at: now, notice: .movedOn)
                }
                switch Self.parse(typed) {
                case .failure(let notice):
                    return RecoveryView(state: found.recovery.state, at: now, notice: notice)
                case .success(let digits):
                    return try self.check(digits, challenge, found, in: store, origin, at: now)
                }
            }
        }
    }

    /// Ends a proven attempt with a new password.
    package func setPassword(
        _ first: String, again second: String, in secret: SecretToken, origin: RequestOrigin
    ) async throws -> RecoveryView {
        let view = try await self.view(secret)
        guard case .proven = view.state else {
            return RecoveryView(state: view.state, at: view.at, notice: .movedOn)
        }
        let new: NewPassword
        do {
            new = try NewPassword(first, again: second)
            try new.check(self.policy, hasSecondFactor: true, context: try await self.context(secret))
        } catch let error as NewPasswordError {
            return RecoveryView(state: view.state, at: view.at, notice: .refused(error))
        }
        let hash = try await self.checker.hash(new.password.text, source: origin.network ?? "unknown")
        return try await self.finish(secret, hash, origin: origin)
    }
}

extension RecoveryFlow {
    /// A challenge that all of the user's cards of one suite take, or a decoy. Where the firm's cards differ, the name decides
    /// which of them a decoy is for, always the same: its length tells nothing.
    private func challenge(
        for user: UserID, named key: NameKey, in store: StoreTransaction, at now: Instant
    ) throws -> CardChallenge {
        let cards = try store.cards.lockActive(of: user, at: now)
        let decoy = try key.choice(of: store.cards.suitesInUse()) ?? CardSuite.supported.first.map { try CardSuite($0) }
        guard let suite = cards.first?.suite ?? decoy else { throw FlowError.noSuchLogin }
        let digits = CardChallenge.digits(for: suite.ocra, random: self.environment.random.bytes(8))
        let nobodys: AuthenticatorID = self.environment.id(at: now)
        let asked = cards.filter { $0.suite == suite }
        if asked.isEmpty { try store.cards.useDecoy(digits, on: nobodys, at: now) }
        for card in asked { try store.cards.use(digits, on: card, at: now) }
        try store.cards.forgetDecoy(nobodys)
        return CardChallenge(
            id: self.environment.id(at: now), digits: digits, expires: now + self.login.limits.challenge)
    }

    private static func parse(_ typed: String) -> Result<CardResponse, RecoveryNotice> {
        guard let suite = CardSuite.supported.first.flatMap({ try? CardSuite($0) }) else { return .failure(.movedOn) }
        do {
            return .success(try CardResponse(typed, for: suite))
        } catch {
            switch error {
            case .missing: return .failure(.responseMissing)
            case .malformed(let digits): return .failure(.responseMalformed(digits: digits))
            }
        }
    }

    private func check(
        _ response: CardResponse, _ challenge: CardChallenge, _ found: StoredRecovery, in store: StoreTransaction,
        _ origin: RequestOrigin, at now: Instant
    ) throws -> RecoveryView {
        var budget = try store.nameThrottles.lock(
            found.name, forgottenBefore: now - Self.answersForgotten, at: now)
        if let until = budget.begin(limits: Self.answers, at: now) {
            return RecoveryView(state: found.recovery.state, at: now, notice: .blocked(until: until))
        }
        let cards = try store.cards.lockActive(of: found.user, at: now)
        guard let stored = try store.recoveries.lock(found.id) else { throw FlowError.noSuchLogin }
        var recovery = stored.recovery
        let right = try self.compare(response, challenge, cards, in: store, at: now)
        if right != nil { budget.succeeded() }
        try store.nameThrottles.save(budget, for: found.name, at: now)
        do {
            try recovery.handle(right.map { .right($0) } ?? .wrong, at: now)
        } catch {
            return RecoveryView(state: recovery.state(at: now), at: now, notice: .movedOn)
        }
        try store.recoveries.save(recovery, over: stored)
        let notice = try self.conclude(right, budget.block(at: now), found, in: store, origin, at: now)
        return RecoveryView(state: recovery.state(at: now), at: now, notice: notice)
    }

    /// - Parameter until: the end of the block that a wrong answer brought. The user is told of it, since somebody may be trying
    ///   his card; for a name that nobody has the same statement is made, and tells nobody.
    private func conclude(
        _ right: FactorEvidence?, _ until: Instant?, _ found: StoredRecovery, in store: StoreTransaction,
        _ origin: RequestOrigin, at now: Instant
    ) throws -> RecoveryNotice? {
        let context = AuditContext(origin, user: try store.users.find(found.user)?.id)
        guard right == nil else {
            let note = AuditNote(.recoveryChecked, .success, authenticator: right?.authenticator)
            try self.environment.record([note], context: context, in: store, at: now)
            return nil
        }
        let note = AuditNote(.recoveryChecked, .failure, reason: until == nil ? .wrongResponse : .blocked)
        try self.environment.record([note], context: context, in: store, at: now)
        if let until {
            let details = NoticeDetails(until: until, address: origin.address)
            try self.environment.tell(found.user, .recoveryFailed, details, in: store, at: now)
        }
        try self.login.countFailure(context, origin: origin, in: store, at: now)
        return until.map { .blocked(until: $0) } ?? .wrongResponse
    }

    /// Compares the answer with every card that may prove something here. A wrong one counts on each of them and on their user;
    /// of a right one nothing does. Where there is nothing to compare the same is written, and stays nowhere.
    private func compare(
        _ response: CardResponse, _ challenge: CardChallenge, _ cards: [LockedCard], in store: StoreTransaction,
        at now: Instant
    ) throws -> FactorEvidence? {
        let tried = cards.filter { self.mayProve($0, at: now) }
        for card in tried {
            guard let evidence = try store.cards.open(card).verify(response, to: challenge, at: now) else { continue }
            let cleared = card.succeeded()
            if cleared.throttlesDiffer(from: card) { try store.factorCounts.save(cleared) }
            try store.factorCounts.saveUse(of: card, at: now)
            return evidence
        }
        for card in tried {
            var counted = card
            counted.countTry(limits: self.login.limits.factor, at: now)
            try store.factorCounts.save(counted)
        }
        if tried.isEmpty {
            try store.factorCounts.saveDecoy(self.environment.id(at: now), of: self.environment.id(at: now))
        }
        return nil
    }

    /// Not a card that the login blocks, that was bound by something weaker a short time ago, or whose PIN somebody else
    /// knows. Nor one whose count would leave the login too few tries: who knows a name alone brings no block about.
    private func mayProve(_ card: LockedCard, at now: Instant) -> Bool {
        let most = self.login.limits.factor.freeTries - Self.leftToLogin
        return card.block(at: now) == nil && !card.binding.isLimited(at: now) && !card.binding.pinMustChange
            && max(card.userThrottle.failures, card.ownThrottle.failures) < most
            // Nor one whose maker allows no more wrong answers.
            && card.ownThrottle.failures < card.pinPolicy.mostFailures ?? .max
    }

    private func context(_ secret: SecretToken) async throws -> [String] {
        try await self.environment.store.read { store in
            guard let stored = try store.recoveries.find(secretHash: secret.hash) else { return [] }
            return try store.users.find(stored.user)?.passwordContext ?? []
        }
    }

    private func finish(
        _ secret: SecretToken, _ hash: PasswordHash, origin: RequestOrigin
    ) async throws -> RecoveryView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let found = try store.recoveries.find(secretHash: secret.hash),
                let (user, stored) = try self.lock(found, in: store, at: now), user.status == .active,
                case .proven(let authenticator) = stored.recovery.state(at: now)
            else {
                let state = try store.recoveries.find(secretHash: secret.hash)?.recovery.state(at: now) ?? .expired
                return RecoveryView(state: state, at: now, notice: .movedOn)
            }
            var recovery = stored.recovery
            do {
                try recovery.handle(.passwordSet, at: now)
            } catch {
                return RecoveryView(state: recovery.state(at: now), at: now, notice: .movedOn)
            }
            try store.recoveries.save(recovery, over: stored)
            try self.environment.set(
                PasswordSetting(
                    user: user, hash: hash, event: .passwordRecovered, notice: .passwordRecovered,
                    authenticator: authenticator),
                in: store, origin: origin, at: now)
            return RecoveryView(state: recovery.state(at: now), at: now, notice: nil)
        }
    }

    /// In the order of locks: the name's password counts, the user, the attempt. Whoever takes its proof away holds the
    /// user's row.
    private func lock(
        _ found: StoredRecovery, in store: StoreTransaction, at now: Instant
    ) throws -> (user: User, attempt: StoredRecovery)? {
        guard let name = try store.users.find(found.user)?.name else { return nil }
        _ = try store.passwordThrottles.lock(name, device: nil, at: now)
        guard let user = try store.users.lock(name), let attempt = try store.recoveries.lock(found.id) else {
            return nil
        }
        return (user, attempt)
    }
}

/// A notice can stand in for the result of a check that did not take place.
extension RecoveryNotice: Error {}
