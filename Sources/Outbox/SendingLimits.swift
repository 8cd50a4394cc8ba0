package import Time

/// How many codes may be sent, to whom and where. Counted before sending. Texts that tell of changes count by block, country
/// and firm as well.
package struct SendingLimits: Hashable, Sendable {
    /// Between two texts, and between two calls, to one number: across logins and users. A call after a text needs no wait.
    package var interval = Span.minutes(2)
    /// To one number within an hour and a day, each way by itself.
    package var perNumberHour = 5
    package var perNumberDay = 10
    /// Within an hour, each way by itself: for one user, by one application that has codes sent without a password of ours
    /// before them, from one address or network, to one block of numbers, to one country, and in all.
    package var perUser: Int64 = 10
    package var perApplication: Int64 = 500
    package var perAddress: Int64 = 50
    package var perPrefix: Int64 = 300
    package var perCountry: Int64 = 5_000
    package var perFirm: Int64 = 20_000
    /// Texts that tell of changes, of all kinds, to one number within a day.
    package var noticesPerNumberDay: Int64 = 10
    /// ISO 3166-1 alpha-2; nil lets all through.
    package var countries: Set<String>?
    /// When a block of numbers is stopped because hardly anybody types the codes that go there; nil: never.
    package var conversion: ConversionRule? = ConversionRule()
    /// The ways that are there at all. Without one nothing is sent by it.
    package var channels: Set<MessageChannel> = []

    package init() {}
}

/// What was sent to a number of late.
package struct SentMessage: Hashable, Sendable {
    package let channel: MessageChannel
    package let at: Instant

    package init(channel: MessageChannel, at: Instant) {
        self.channel = channel
        self.at = at
    }
}

/// Why a code is not sent now. The raw values of the names stand in the audit trail.
package enum SendingRefusal: Hashable, Sendable {
    /// The last one by this way went out a moment ago.
    case tooSoon(until: Instant)
    /// As many as may go to this number.
    case numberLimit(until: Instant)
    /// As many as may go for this user, from this address, to this block of numbers or country, or in all.
    case limit(until: Instant)
    /// The firm sends nothing to this country.
    case notThere
    /// Nothing goes to this block of numbers for the time being: hardly anybody typed the codes that went there.
    case stopped
    /// The firm has no such way.
    case noSuchWay

    /// From when on it may be asked again; nil where nobody can say.
    package var until: Instant? {
        switch self {
        case .tooSoon(let until), .numberLimit(let until), .limit(let until): until
        case .notThere, .stopped, .noSuchWay: nil
        }
    }
}

extension SendingLimits {
    /// Whether one more code may go to a number, as far as the number itself and where it lies are concerned.
    ///
    /// - Parameter history: what went to it within the last day.
    /// - Returns: nil when it may.
    package func refusal(
        by channel: MessageChannel, to destination: MessageDestination, after history: [SentMessage], at now: Instant
    ) -> SendingRefusal? {
        guard self.channels.contains(channel) else { return .noSuchWay }
        if let countries = self.countries, !countries.contains(destination.region) { return .notThere }
        // A step that waited for another to the same number finds what that one has sent, by its clock a moment later.
        let times = history.filter { $0.channel == channel }.map { min($0.at, now) }.sorted()
        if let end = Self.end(of: times, most: self.perNumberDay, within: .hours(24), at: now)
            ?? Self.end(of: times, most: self.perNumberHour, within: .hours(1), at: now)
        {
            return .numberLimit(until: end)
        }
        if let last = times.last, now < last + self.interval { return .tooSoon(until: last + self.interval) }
        return nil
    }

    /// When the oldest of the last so many leaves the window.
    private static func end(of times: [Instant], most: Int, within span: Span, at now: Instant) -> Instant? {
        let recent = times.filter { now < $0 + span }
        guard recent.count >= most else { return nil }
        return recent[recent.count - most] + span
    }
}
