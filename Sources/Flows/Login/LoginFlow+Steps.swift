internal import Applications
internal import Audit
internal import Authenticators
internal import Channels
internal import Encodings
internal import Identifiers
internal import Identity
package import Login
internal import Outbox
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
        let state = current.state(at: now)
        return LoginView(
            id: stored.id, application: application, purpose: stored.purpose, state: state,
            deadline: current.deadline, at: now, notice: notice,
            delivery: try state.code.flatMap { try store.outbox.last(of: stored.id, with: $0.id) }?.codeDelivery)
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
        try store.save(login, over: stored, at: now)
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

    /// One of the user's authenticators that can be used, locked, with the user's counts before it.
    func lock(
        _ id: AuthenticatorID, of user: UserID, in store: StoreTransaction, at now: Instant
    ) throws -> (any LockedFactor)? {
        if let card = try store.cards.lock(id, of: user) { return card.isUsable(at: now) ? card : nil }
        guard let phone = try store.phoneNumbers.lock(id, of: user), phone.isUsable else { return nil }
        return phone
    }

    func offer(
        _ factor: any LockedFactor, for login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws -> ChallengeOffer {
        if let phone = factor as? LockedPhone {
            return try self.offer(phone, for: login, in: store, origin: origin, at: now)
        }
        guard let card = factor as? LockedCard else { preconditionFailure("a card or a telephone number") }
        return try self.offer(card, in: store, at: now)
    }

    func offer(_ card: LockedCard, in store: StoreTransaction, at now: Instant) throws -> ChallengeOffer {
        if let until = self.block(of: card, at: now) {
            return .blocked(BlockedFactor(authenticator: card.summary.id, until: until))
        }
        return .challenge(.card(try self.challenge(card, in: store, at: now)), for: card.summary.id)
    }

    /// Until when a card that was locked in this transaction may not be challenged.
    func block(of card: LockedCard, at now: Instant) -> Instant? {
        card.block(at: now) ?? card.challengeCount.rest(after: self.limits.challengesAnHour, at: now)
    }

    /// A fresh challenge for a card that may be challenged.
    func challenge(_ card: LockedCard, in store: StoreTransaction, at now: Instant) throws -> CardChallenge {
        let digits = CardChallenge.digits(for: card.suite.ocra, random: self.environment.random.bytes(8))
        try store.cards.use(digits, on: card, at: now)
        return CardChallenge(id: self.environment.id(at: now), digits: digits, expires: now + self.limits.challenge)
    }
}

extension StoreTransaction {
    /// With the end of a login its codes are erased, and what was to be sent for it is withdrawn.
    func save(_ login: Login, over stored: StoredLogin, at now: Instant) throws {
        if stored.login.state.mayHaveCodes, !login.state.mayHaveCodes {
            try self.loginCodes.erase(of: stored.id)
            try self.withdrawMessages(of: stored.id, at: now)
        }
        try self.logins.save(login, over: stored)
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
    /// Whether a code may have gone to a telephone number of the user, and may still be used.
    var mayHaveCodes: Bool { self.subject?.hasPhone == true }

    /// A challenge that still lives is asked again, not replaced.
    func hasLiveChallenge(for authenticator: AuthenticatorID, at now: Instant) -> Bool {
        guard case .awaitingResponse(let waiting) = self else { return false }
        return waiting.factor.id == authenticator && now < waiting.challenge.expires
    }
}

extension MessageStatus {
    var codeDelivery: CodeDelivery? {
        self.channel.codeWay.map {
            CodeDelivery(
                way: $0, state: self.state, progress: self.progress, sent: self.sent, keptBack: KeptBack(self),
                foundNoLine: self.fault == .linesTaken)
        }
    }
}

extension LoginSubject {
    var hasPhone: Bool { self.authenticators.contains { $0.kind == .phoneNumber } }
}

/// A notice can stand in for the result of a check that did not take place.
extension LoginNotice: Error {}
