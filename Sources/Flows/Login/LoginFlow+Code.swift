internal import Applications
internal import Audit
package import Authenticators
internal import Channels
internal import Identifiers
internal import Login
internal import Outbox
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
            if let until = phone.block(at: now) {
                return try self.advance(
                    own, by: .responseChecked(.blocked(until: until)), in: store, origin: origin, at: now)
            }
            let sending = CodeSending(login: own, phone: phone, origin: origin, now: now)
            let (sent, refusal) = try self.send(challenge, by: way, sending, in: store)
            return try self.advance(
                own, by: .codeSent(sent), in: store, origin: origin, at: now,
                notice: refusal.map(LoginNotice.codeNotSent))
        }
    }

    /// A code for a number that was locked in this transaction, sent by text if one may be sent now.
    func offer(
        _ phone: LockedPhone, for login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> ChallengeOffer {
        if let until = phone.block(at: now) {
            return .blocked(BlockedFactor(authenticator: phone.summary.id, until: until))
        }
        let sending = CodeSending(login: login, phone: phone, origin: origin, now: now)
        let fresh = CodeChallenge(id: self.environment.id(at: now), expires: sending.expires)
        let (challenge, _) = try self.send(fresh, by: .text, sending, in: store)
        return .challenge(.code(challenge), for: phone.summary.id)
    }

    /// Sends a challenge's code if it may be sent now.
    ///
    /// - Returns: the challenge as it stands then, under a new id where a new code was needed; and why nothing was sent.
    private func send(
        _ challenge: CodeChallenge, by way: CodeWay, _ sending: CodeSending, in store: StoreTransaction
    ) throws -> (CodeChallenge, SendingRefusal?) {
        let now = sending.now
        let number = try store.phoneNumbers.open(sending.phone)
        let history = try store.outbox.codes(to: number, since: now - .hours(24))
        if let refusal = try self.refusal(by: way, sending, after: history, in: store) {
            try self.record(refusal, sending, in: store)
            let next = self.times(sending, after: history, refused: (way, refusal))
            return (challenge.waiting(next: next), refusal)
        }
        let (code, current) = try self.code(for: challenge, sending, in: store)
        try self.add(code, by: way, to: number, expires: current.expires, sending, in: store)
        let after = history + [SentMessage(channel: way.channel, at: now)]
        return (current.sent(by: way, next: self.times(sending, after: after), at: now), nil)
    }

    private func refusal(
        by way: CodeWay, _ sending: CodeSending, after history: [SentMessage], in store: StoreTransaction
    ) throws -> SendingRefusal? {
        let (limits, now) = (self.limits.sending, sending.now)
        if let refusal = limits.refusal(by: way.channel, to: sending.phone.destination, after: history, at: now) {
            return refusal
        }
        let sent = try store.sendingCounts.sent(sending.counts, by: way.channel, at: now)
        guard sending.counts.contains(where: { (sent[$0] ?? 0) >= $0.most(limits) }) else { return nil }
        let hour = Span.hours(1).milliseconds
        return .limit(until: Instant(milliseconds: (now.milliseconds / hour + 1) * hour))
    }

    /// The code that was sent before, while it lives long enough; else a new one, which replaces it.
    private func code(
        for challenge: CodeChallenge, _ sending: CodeSending, in store: StoreTransaction
    ) throws -> (OneTimeCode, CodeChallenge) {
        let now = sending.now
        if challenge.isCarried(at: now), let code = try store.loginCodes.find(challenge.id, of: sending.login.id) {
            return (code, challenge)
        }
        let isFirst = challenge.sent.isEmpty && challenge.isCarried(at: now)
        let current =
            isFirst ? challenge : CodeChallenge(id: self.environment.id(at: now), expires: sending.expires)
        let code = OneTimeCode(challenge: current.id, random: self.environment.random.bytes(8))
        try store.loginCodes.add(
            code, of: sending.login.id, user: sending.phone.user, expires: sending.login.login.deadline)
        return (code, current)
    }

    private func add(
        _ code: OneTimeCode, by way: CodeWay, to number: String, expires: Instant, _ sending: CodeSending,
        in store: StoreTransaction
    ) throws {
        let now = sending.now
        var body = MessageBody(recipient: number, language: sending.origin.language ?? "en")
        body.code = code.digits
        body.application = try store.applications.find(sending.login.application)?.registration.name(in: body.language)
        body.isForBrowser = sending.login.purpose.isForBrowser
        try store.outbox.add(
            OutboxMessage(
                id: self.environment.id(at: now), user: sending.phone.user, login: sending.login.id,
                channel: way.channel, template: .loginCode, destination: sending.phone.destination, body: body,
                created: now, expires: expires))
        try store.sendingCounts.add(sending.counts, by: way.channel, at: now)
    }

    /// From when on a code may be asked for by each way.
    private func times(
        _ sending: CodeSending, after history: [SentMessage], refused: (way: CodeWay, SendingRefusal)? = nil
    ) -> [CodeWay: Instant] {
        var next: [CodeWay: Instant] = [:]
        for way in CodeWay.allCases {
            let own = refused.flatMap { $0.way == way ? $0.1 : nil }
            let refusal =
                own
                ?? self.limits.sending.refusal(
                    by: way.channel, to: sending.phone.destination, after: history, at: sending.now)
            next[way] = refusal.map(\.until) ?? sending.now
        }
        return next
    }

    private func record(_ refusal: SendingRefusal, _ sending: CodeSending, in store: StoreTransaction) throws {
        let context = AuditContext(
            sending.origin, user: sending.phone.user, login: sending.login.id,
            application: sending.login.application)
        let note = AuditNote(
            .messageRefused, .failure, reason: refusal.reason, authenticator: sending.phone.summary.id)
        try self.environment.record([note], context: context, in: store, at: sending.now)
    }
}

/// Which code is to be sent for which login, and for whom it counts.
private struct CodeSending {
    let login: StoredLogin
    let phone: LockedPhone
    let origin: RequestOrigin
    let now: Instant

    /// Never beyond the login itself.
    var expires: Instant { min(self.now + CodeChallenge.lifetime, self.login.login.deadline) }

    /// In the order in which their rows are written.
    var counts: [SendingCount] {
        let address = self.origin.network.map { [SendingCount.address($0)] } ?? []
        let destination = self.phone.destination
        return [.user(self.phone.user)] + address
            + [.prefix(destination.prefix), .country(destination.region), .firm]
    }
}

extension CodeWay {
    var channel: MessageChannel {
        switch self {
        case .text: .text
        case .voice: .voice
        }
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

extension SendingRefusal {
    var reason: AuditReason {
        switch self {
        case .tooSoon: .tooSoon
        case .numberLimit: .numberLimit
        case .limit: .sendingLimit
        case .notThere: .notThere
        case .noSuchWay: .noSuchWay
        }
    }
}
