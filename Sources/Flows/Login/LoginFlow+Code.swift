internal import Applications
package import Authenticators
internal import Identifiers
internal import Login
internal import Outbox
internal import PhoneNumbers
internal import Sessions
internal import Storage
internal import Time

/// Codes that go to a telephone number: one to a login, by text or by voice, however often it is sent.
extension LoginFlow {
    /// Sends the code that is waited for once more: the same one while enough of its time remains, else a new one. It never
    /// resets a failure count.
    package func sendCode(by way: CodeWay, for ticket: LoginTicket, origin: RequestOrigin) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let (stored, phone) = try store.logins.lockWithPhone(ticket.id) else {
                let found = try self.owned(ticket, store.logins.find(ticket.id))
                return try self.view(found, in: store, at: now, notice: .movedOn)
            }
            let own = try self.owned(ticket, stored)
            guard let challenge = own.login.state(at: now).code else {
                return try self.view(own, in: store, at: now, notice: .movedOn)
            }
            guard own.purpose.codeWays.contains(way) else {
                return try self.view(own, in: store, at: now, notice: .wayNotOffered)
            }
            if let ended = try self.endCodes(to: phone, of: own, in: store, origin: origin, at: now) { return ended }
            if let end = phone.end {
                return try self.advance(own, by: .responseChecked(end), in: store, origin: origin, at: now)
            }
            if let until = phone.block(at: now) {
                return try self.advance(
                    own, by: .responseChecked(.blocked(until: until)), in: store, origin: origin, at: now)
            }
            let dispatch = CodeDispatch(phone, of: own, origin: origin, at: now)
            let (sent, refusal) = try self.send(challenge, by: way, dispatch, of: own, in: store)
            return try self.advance(
                own, by: .codeSent(sent), in: store, origin: origin, at: now,
                notice: refusal.map(LoginNotice.codeNotSent))
        }
    }

    /// Moves a login on that would ask a number of a user who can use something stronger by now.
    ///
    /// - Returns: nil where codes have not ended for him.
    func endCodes(
        to phone: LockedPhone, of login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> LoginView? {
        let policy = self.limits.codes
        guard !policy.endedBy.isEmpty else { return nil }
        let usable = try store.cards.active(of: phone.user, at: now)
        guard policy.endsCodes(of: usable) else { return nil }
        return try self.advance(
            login, by: .codesEnded(phone.summary.id, policy.offered(usable)), in: store, origin: origin, at: now)
    }

    /// A code for a number that was locked in this transaction, sent by text if one may be sent now: the one that went there
    /// in this login already, or a new one.
    func offer(
        _ phone: LockedPhone, for login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> ChallengeOffer {
        if let until = phone.block(at: now) {
            return .blocked(BlockedFactor(authenticator: phone.summary.id, until: until))
        }
        let earlier = try self.earlier(phone, in: login, store, at: now)
        let fresh = CodeChallenge(id: self.environment.id(at: now), expires: Self.end(ofCodeIn: login, at: now))
        let dispatch = CodeDispatch(phone, of: login, origin: origin, at: now)
        let (challenge, _) = try self.send(earlier ?? fresh, by: .text, dispatch, of: login, in: store)
        return .challenge(.code(challenge), for: phone.summary.id)
    }

    /// The challenge that the number was last sent a code for in this login, as it stood when the user looked at another
    /// authenticator; nil where none went there, or its time is up.
    private func earlier(
        _ phone: LockedPhone, in login: StoredLogin, _ store: StoreTransaction, at now: Instant
    ) throws -> CodeChallenge? {
        // Before the password nothing went anywhere.
        guard login.login.state.subject != nil,
            let (id, sent) = try store.outbox.lastCode(of: login.id, to: phone.number.e164)
        else { return nil }
        let challenge = CodeChallenge(id: id, expires: Self.end(ofCodeIn: login, at: id.made))
        guard now < challenge.expires else { return nil }
        return sent.reduce(challenge) { challenge, message in
            guard let way = message.channel.codeWay else { return challenge }
            return challenge.sent(by: way, next: [:], at: message.at)
        }
    }

    /// Sends a challenge's code if it may be sent now.
    ///
    /// - Returns: the challenge as it stands then, under a new id where a new code was needed; and why nothing was sent.
    private func send(
        _ challenge: CodeChallenge, by way: CodeWay, _ dispatch: CodeDispatch, of login: StoredLogin,
        in store: StoreTransaction
    ) throws -> (CodeChallenge, SendingRefusal?) {
        let history = try self.history(dispatch, in: store)
        if let refusal = try self.refusal(by: way, dispatch, after: history, in: store) {
            try self.record(refusal, dispatch, in: store)
            let next = self.times(dispatch, after: history, refused: (way, refusal))
            return (challenge.waiting(next: next, before: refusal.isTooSoon ? history.last?.at : nil), refusal)
        }
        let (code, current) = try self.code(for: challenge, dispatch, of: login, in: store)
        try self.send(code, by: way, dispatch, expires: current.expires, in: store)
        let after = history + [SentMessage(channel: way.channel, at: dispatch.now)]
        return (current.sent(by: way, next: self.times(dispatch, after: after), at: dispatch.now), nil)
    }

    /// The code that was sent before, while it lives long enough; else a new one, which replaces it.
    private func code(
        for challenge: CodeChallenge, _ dispatch: CodeDispatch, of login: StoredLogin, in store: StoreTransaction
    ) throws -> (OneTimeCode, CodeChallenge) {
        let now = dispatch.now
        if challenge.isCarried(at: now), let code = try store.loginCodes.find(challenge.id, of: login.id) {
            return (code, challenge)
        }
        let isFirst = challenge.sent.isEmpty && challenge.isCarried(at: now)
        let current =
            isFirst
            ? challenge : CodeChallenge(id: self.environment.id(at: now), expires: Self.end(ofCodeIn: login, at: now))
        let code = OneTimeCode(challenge: current.id, random: self.environment.random.bytes(8))
        try store.loginCodes.add(code, of: login.id, user: dispatch.user, expires: login.login.deadline)
        return (code, current)
    }

    /// Never beyond the login itself.
    private static func end(ofCodeIn login: StoredLogin, at now: Instant) -> Instant {
        min(now + CodeChallenge.lifetime, login.login.deadline)
    }
}

extension CodeDispatch {
    init(_ phone: LockedPhone, of login: StoredLogin, origin: RequestOrigin, at now: Instant) {
        self.init(
            user: phone.user, login: login.id, application: login.application, authenticator: phone.summary.id,
            budget: login.purpose == .factorCheck ? login.application : nil, ways: login.purpose.codeWays,
            number: phone.number, purpose: .login, isForBrowser: login.purpose.isForBrowser, origin: origin,
            now: now)
    }
}

extension LoginPurpose {
    /// Whether the code is typed into one of the server's own pages.
    var isForBrowser: Bool {
        switch self {
        case .authorization, .account: true
        case .native, .factorCheck: false
        }
    }
}
