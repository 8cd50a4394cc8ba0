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
/// has none, is shown a challenge all the same, after the same work. Wrong answers have a count of their own: nobody
/// can guess here, nor lock the user out of logging in.
package struct RecoveryFlow: Sendable {
    private let environment: FlowEnvironment
    private let login: LoginFlow
    private let policy: PasswordPolicy
    private var checker: PasswordChecker { self.login.checker }

    /// Each attempt asks the user's card for a challenge, of which there are so many an hour.
    static let starts = FactorLimits(freeTries: 5, blocks: [.hours(1)], disabledAfter: .max)
    static let startsForgotten = Span.hours(24)

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
        var throttle = try store.nameThrottles.lock(found.name, at: now)
        let limits = self.login.limits.factor
        // After so many the name's password is recovered by the help desk alone (SP 800-63B-4: 100 tries).
        let isUsedUp = throttle.isUsedUp(limits: limits)
        if let until = throttle.begin(limits: limits, at: now) {
            return RecoveryView(state: found.recovery.state, at: now, notice: .blocked(until: until))
        }
        let cards = try store.cards.lockActive(of: found.user, at: now)
        guard let stored = try store.recoveries.lock(found.id) else { throw FlowError.noSuchLogin }
        var recovery = stored.recovery
        let right =
            isUsedUp
            ? nil : try self.evidence(response, challenge, cards, counted: throttle.failures, in: store, at: now)
        if right != nil { throttle.succeeded() }
        try store.nameThrottles.save(throttle, for: found.name, at: now)
        do {
            try recovery.handle(right.map { .right($0) } ?? .wrong, at: now)
        } catch {
            return RecoveryView(state: recovery.state(at: now), at: now, notice: .movedOn)
        }
        try store.recoveries.save(recovery, over: stored)
        let note = AuditNote(
            .recoveryChecked, right == nil ? .failure : .success, reason: right == nil ? .wrongResponse : nil,
            authenticator: right?.authenticator)
        let known = try store.users.find(found.user)?.id
        let context = AuditContext(origin, user: known)
        try self.environment.record([note], context: context, in: store, at: now)
        if right == nil { try self.login.countFailure(context, origin: origin, in: store, at: now) }
        let notice: RecoveryNotice? =
            right != nil ? nil : throttle.block(at: now).map { .blocked(until: $0) } ?? .wrongResponse
        return RecoveryView(state: recovery.state(at: now), at: now, notice: notice)
    }

    private func evidence(
        _ response: CardResponse, _ challenge: CardChallenge, _ cards: [LockedCard], counted: Int,
        in store: StoreTransaction, at now: Instant
    ) throws -> FactorEvidence? {
        // A card that the login blocks, or that was bound by something weaker a short time ago, proves nothing here.
        // Nor does one whose maker allows no more wrong answers: here they are counted for the name, this one included.
        for card in cards where card.block(at: now) == nil && !card.binding.isLimited(at: now) {
            if let most = card.pinPolicy.mostFailures, card.cardThrottle.failures + counted > most { continue }
            guard let evidence = try store.cards.open(card).verify(response, to: challenge, at: now) else { continue }
            try store.cards.saveUse(of: card, at: now)
            return evidence
        }
        return nil
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
                case .proven(let authenticator) = found.recovery.state(at: now),
                let user = try store.users.find(found.user), user.status == .active,
                let stored = try self.lock(found, of: user, in: store, at: now)
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

    /// The name's password counts come first in the order of locks.
    private func lock(
        _ found: StoredRecovery, of user: User, in store: StoreTransaction, at now: Instant
    ) throws -> StoredRecovery? {
        _ = try store.passwordThrottles.lock(user.name, device: nil, at: now)
        return try store.recoveries.lock(found.id)
    }
}

/// A notice can stand in for the result of a check that did not take place.
extension RecoveryNotice: Error {}
