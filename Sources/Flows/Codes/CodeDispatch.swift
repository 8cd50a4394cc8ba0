internal import Applications
internal import Audit
internal import Authenticators
internal import Identifiers
internal import Identity
internal import Outbox
internal import PhoneNumbers
internal import Storage
internal import Time

/// A code on its way to a number: whom it counts for, and what its message says.
struct CodeDispatch {
    let user: UserID
    var login: LoginID?
    var application: ApplicationID?
    var authenticator: AuthenticatorID?
    /// The application on whose own budget it goes, in the place of the address's: its server asks for all its users.
    var budget: ApplicationID?
    /// What whoever asks can offer.
    var ways = Set(CodeWay.allCases)
    let number: PhoneNumber
    let purpose: CodePurpose
    /// Whether it is typed into a browser's page.
    let isForBrowser: Bool
    let origin: RequestOrigin
    let now: Instant

    var destination: MessageDestination { MessageDestination(self.number) }

    /// In the order in which their rows are written.
    var counts: [SendingCount] {
        let asker = self.budget.map(SendingCount.application) ?? self.origin.network.map(SendingCount.address)
        return [.user(self.user)] + (asker.map { [$0] } ?? []) + self.destination.counts
    }
}

extension MessageDestination {
    /// What every text to it counts by, in the order in which the rows are written.
    var counts: [SendingCount] { [.prefix(self.prefix), .country(self.region), .firm] }
}

/// Sending codes, inside one transaction: counted before they go.
extension LoginFlow {
    /// What went to the number of late. Until the transaction ends nobody else sends to it.
    func history(_ dispatch: CodeDispatch, in store: StoreTransaction) throws -> [SentMessage] {
        try store.sendingCounts.lock(dispatch.number.e164)
        return try store.outbox.codes(to: dispatch.number.e164, since: dispatch.now - .hours(24))
    }

    /// Why no code may go now; nil when one may, and then it is counted already: however many ask at once, no more go.
    func refusal(
        by way: CodeWay, _ dispatch: CodeDispatch, after history: [SentMessage], in store: StoreTransaction
    ) throws -> SendingRefusal? {
        let (limits, now) = (self.limits.sending, dispatch.now)
        let refusal = limits.refusal(by: way.channel, to: dispatch.destination, after: history, at: now)
        if let refusal, refusal.until == nil { return refusal }
        // Whoever is told to wait should not wait for nothing.
        if try self.isStopped(dispatch.purpose, to: dispatch.destination, in: store, at: now) { return .stopped }
        if let refusal { return refusal }
        let counts = dispatch.counts
        guard
            try store.sendingCounts.take(counts, within: limits, for: dispatch.purpose, by: way.channel, at: now)
        else {
            let hour = Span.hours(1).milliseconds
            return .limit(until: Instant(milliseconds: (now.milliseconds / hour + 1) * hour))
        }
        return nil
    }

    /// Puts one message into the outbox. It was counted when it was asked whether it may go.
    func send(
        _ code: OneTimeCode, by way: CodeWay, _ dispatch: CodeDispatch, expires: Instant, in store: StoreTransaction
    ) throws {
        let now = dispatch.now
        // As whoever asks reads it; where a program asks, as the user has chosen.
        let language = try dispatch.origin.language ?? store.users.find(dispatch.user)?.language ?? "en"
        var body = MessageBody(recipient: dispatch.number.e164, language: language)
        body.code = code.digits
        body.application = try dispatch.application.flatMap { try store.applications.find($0) }?
            .registration.name(in: body.language)
        body.isForBrowser = dispatch.isForBrowser
        try store.outbox.add(
            OutboxMessage(
                id: self.environment.id(at: now), user: dispatch.user, login: dispatch.login,
                challenge: code.challenge, channel: way.channel, template: dispatch.purpose.template,
                destination: dispatch.destination, body: body, created: now,
                expires: MessageTimes.end(by: way.channel, askedFor: now, codeEnds: expires)))
    }

    /// From when on a code may be asked for by each way.
    func times(
        _ dispatch: CodeDispatch, after history: [SentMessage], refused: (way: CodeWay, SendingRefusal)? = nil
    ) -> [CodeWay: Instant] {
        var next: [CodeWay: Instant] = [:]
        for way in CodeWay.allCases where dispatch.ways.contains(way) {
            // A stop is the number's, whichever the way.
            if refused?.1 == .stopped { continue }
            let own = refused.flatMap { $0.way == way ? $0.1 : nil }
            let refusal =
                own
                ?? self.limits.sending.refusal(
                    by: way.channel, to: dispatch.destination, after: history, at: dispatch.now)
            next[way] = refusal.map(\.until) ?? dispatch.now
        }
        return next
    }

    func record(_ refusal: SendingRefusal, _ dispatch: CodeDispatch, in store: StoreTransaction) throws {
        let context = AuditContext(
            dispatch.origin, user: dispatch.user, login: dispatch.login, application: dispatch.application)
        let note = AuditNote(
            .messageRefused, .failure, reason: refusal.reason, authenticator: dispatch.authenticator)
        try self.environment.record([note], context: context, in: store, at: dispatch.now)
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

extension MessageChannel {
    /// nil for what carries no codes.
    var codeWay: CodeWay? {
        switch self {
        case .text: .text
        case .voice: .voice
        case .mail: nil
        }
    }
}

extension SendingRefusal {
    var isTooSoon: Bool {
        guard case .tooSoon = self else { return false }
        return true
    }

    var reason: AuditReason {
        switch self {
        case .tooSoon: .tooSoon
        case .numberLimit: .numberLimit
        case .limit: .sendingLimit
        case .notThere: .notThere
        case .stopped: .blockStopped
        case .noSuchWay: .noSuchWay
        }
    }
}
