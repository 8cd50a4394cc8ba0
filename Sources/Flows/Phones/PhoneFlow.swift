internal import Audit
package import Authenticators
package import Identifiers
internal import Identity
package import Outbox
package import PhoneNumbers
internal import Sessions
internal import Storage
package import Time

/// The user's telephone number on the server's own pages: added, changed, removed. Each step asks the one guard first.
package struct PhoneFlow: Sendable {
    let account: AccountFlow
    var login: LoginFlow { self.account.login }
    var environment: FlowEnvironment { self.account.environment }

    package init(account: AccountFlow) { self.account = account }

    /// How long a number that takes another's place counts for nothing stronger (security rule 7).
    static let waiting = Span.hours(72)

    /// What the page shows: the numbers that the user has.
    package func overview(_ secret: SecretToken?) async throws -> PhoneOverview {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.account.admit(secret, to: .view, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            return try self.overview(visitor, in: store)
        }
    }

    private func overview(_ visitor: AccountVisitor, in store: StoreTransaction) throws -> PhoneOverview {
        let active = try store.cards.active(of: visitor.user.id, at: visitor.at)
        let numbers = try store.phoneNumbers.all(of: visitor.user.id)
        return PhoneOverview(
            visitor: visitor, numbers: numbers,
            willWait: numbers.contains { $0.isReplaced(at: visitor.at, within: Self.waiting) },
            isOnlyFactor: active.allSatisfy { $0.kind == .phoneNumber },
            restricted: try self.account.restrictedFactor(of: visitor.user.id, in: store, at: visitor.at),
            codesEnded: self.login.limits.codes.endsCodes(of: active))
    }

    /// Sends a code to a number that the user says is his. Whether anybody has it already is not told.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``FlowError/notPermitted(_:_:)``.
    package func begin(
        _ number: PhoneNumber, _ secret: SecretToken?, origin: RequestOrigin
    ) async throws -> NumberCheckView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.account.admit(secret, to: .change, in: store, at: now)
            _ = try store.cardLives.lockUser(visitor.user.id)
            let id: ChallengeID = self.environment.id(at: now)
            let code = OneTimeCode(challenge: id, random: self.environment.random.bytes(8))
            let fresh = CodeChallenge(id: id, expires: now + CodeChallenge.lifetime)
            let dispatch = self.dispatch(to: number, for: visitor.user.id, origin: origin, at: now)
            let (challenge, refusal) = try self.send(fresh, code, by: .text, dispatch, in: store)
            try store.numberChecks.add(
                NumberCheck(challenge: challenge), code: code, number: number, of: visitor.user.id,
                askedBy: .session(visitor.session.id))
            return try self.view(challenge, dispatch, refusal, in: store)
        }
    }

    /// The attempt as it stands; nil when the session has none of this id, or it is over.
    package func view(_ id: ChallengeID, _ secret: SecretToken?) async throws -> NumberCheckView? {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let stored = try self.open(id, secret, in: store, at: now) else { return nil }
            let dispatch = self.dispatch(to: stored.number, for: stored.user, origin: RequestOrigin(), at: now)
            return try self.view(stored.check.challenge, dispatch, in: store)
        }
    }

    /// Sends the code once more: the same one while enough of its time remains, else a new one.
    package func sendAgain(
        by way: CodeWay, for id: ChallengeID, _ secret: SecretToken?, origin: RequestOrigin
    ) async throws -> NumberCheckView? {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let stored = try self.open(id, secret, in: store, at: now) else { return nil }
            let dispatch = self.dispatch(to: stored.number, for: stored.user, origin: origin, at: now)
            return try self.sendAgain(stored, by: way, dispatch, in: store)
        }
    }

    /// Takes the code that the user typed. The right one makes the number his, in the place of the one that he had.
    package func confirm(
        _ id: ChallengeID, typed: String, _ secret: SecretToken?, origin: RequestOrigin
    ) async throws -> NumberCheckEnd {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let stored = try self.open(id, secret, in: store, at: now) else { return .over }
            return try self.take(typed, stored, in: store, origin: origin, at: now)
        }
    }

    /// The attempt, if this session made it, and may still change something. The user is locked before it.
    private func open(
        _ id: ChallengeID, _ secret: SecretToken?, in store: StoreTransaction, at now: Instant
    ) throws -> StoredNumberCheck? {
        let visitor = try self.account.admit(secret, to: .change, in: store, at: now)
        _ = try store.cardLives.lockUser(visitor.user.id)
        guard let stored = try store.numberChecks.lock(id), stored.asker == .session(visitor.session.id),
            stored.user == visitor.user.id, !stored.check.isOver(at: now)
        else { return nil }
        return stored
    }

    func dispatch(
        to number: PhoneNumber, for user: UserID, origin: RequestOrigin, at now: Instant
    ) -> CodeDispatch {
        CodeDispatch(
            user: user, number: number, purpose: .number, isForBrowser: true, origin: origin, now: now)
    }

    /// What is shown of an attempt, with how far its last message has come.
    func view(
        _ challenge: CodeChallenge, _ dispatch: CodeDispatch, _ refusal: SendingRefusal? = nil,
        in store: StoreTransaction
    ) throws -> NumberCheckView {
        let last = try store.outbox.last(
            .numberCode, to: dispatch.number.e164, of: dispatch.user, since: challenge.id.made)
        return NumberCheckView(
            challenge: challenge, number: dispatch.number, at: dispatch.now, refusal: refusal,
            delivery: last?.codeDelivery)
    }

    /// Sends an attempt's code once more. One that hardly lives any longer is replaced: then the attempt lives as long as
    /// the new one, and its wrong answers stay counted.
    func sendAgain(
        _ stored: StoredNumberCheck, by way: CodeWay, _ dispatch: CodeDispatch, in store: StoreTransaction
    ) throws -> NumberCheckView {
        let now = dispatch.now
        var (check, codes) = (stored.check, stored.codes)
        var challenge = check.challenge
        if !challenge.isCarried(at: now) {
            challenge = challenge.renewed(until: now + CodeChallenge.lifetime)
            codes.append(OneTimeCode(challenge: challenge.id, random: self.environment.random.bytes(8)))
        }
        guard let code = codes.last else { throw StorageError.damaged(table: "number_check") }
        let (sent, refusal) = try self.send(challenge, code, by: way, dispatch, in: store)
        // What could not be replaced is still good for as long as it lives.
        check.challenge = refusal == nil ? sent : check.challenge.waiting(next: sent.next)
        try store.numberChecks.save(check, codes: refusal == nil ? codes : nil, over: stored)
        return try self.view(check.challenge, dispatch, refusal, in: store)
    }

    /// Sends a number's code if it may be sent now.
    func send(
        _ challenge: CodeChallenge, _ code: OneTimeCode, by way: CodeWay, _ dispatch: CodeDispatch,
        in store: StoreTransaction
    ) throws -> (CodeChallenge, SendingRefusal?) {
        let history = try self.login.history(dispatch, in: store)
        if let refusal = try self.login.refusal(by: way, dispatch, after: history, in: store) {
            try self.login.record(refusal, dispatch, in: store)
            return (
                challenge.waiting(next: self.login.times(dispatch, after: history, refused: (way, refusal))), refusal
            )
        }
        try self.login.send(code, by: way, dispatch, expires: challenge.expires, in: store)
        let after = history + [SentMessage(channel: way.channel, at: dispatch.now)]
        return (challenge.sent(by: way, next: self.login.times(dispatch, after: after), at: dispatch.now), nil)
    }
}

package struct PhoneOverview: Sendable {
    package let visitor: AccountVisitor
    package let numbers: [HeldPhone]
    /// Whether a number that is added now takes another's place, and counts for nothing stronger for a while.
    package let willWait: Bool
    /// Whether the user has nothing better than a number.
    package let isOnlyFactor: Bool
    /// The same, with what he is told of it.
    package let restricted: RestrictedFactor?
    /// Whether login codes go to no number of his any more, by the firm's policy.
    package let codesEnded: Bool
}

package struct NumberCheckView: Sendable {
    package let challenge: CodeChallenge
    package let number: PhoneNumber
    package let at: Instant
    /// Why the code that was asked for did not go.
    package let refusal: SendingRefusal?
    /// How far the last code came.
    package let delivery: CodeDelivery?
}

package enum NumberCheckEnd: Sendable {
    case bound
    case wrong(NumberCheckView, triesLeft: Int, isOlderCode: Bool)
    /// Nothing was compared.
    case again(NumberCheckView, LoginNotice)
    /// Too many wrong codes, its time was up, or no such attempt: begin again.
    case over
}
