package import Time

/// Whether codes of one purpose go to one block of numbers. It is stopped when hardly anybody types them, and opened again by
/// time or by the staff; then it counts afresh, or what stopped it would stop it again.
///
/// The firm as a whole is watched by the same rule; for it a stop is an alarm and nothing more.
package struct BlockWatch: Hashable, Sendable {
    /// The last stop, whether it holds or has ended by time.
    package private(set) var stop: BlockStop?
    /// When the staff opened it; nil: never.
    package private(set) var resumed: Instant?

    package init(stop: BlockStop? = nil, resumed: Instant? = nil) {
        self.stop = stop
        self.resumed = resumed
    }

    /// The stop that holds.
    package func stop(at now: Instant) -> BlockStop? { self.stop.flatMap { $0.holds(at: now) ? $0 : nil } }

    /// From when on its codes count; nil: all do.
    package func opened(at now: Instant) -> Instant? {
        guard let end = self.stop?.until, end <= now else { return self.resumed }
        return max(end, self.resumed ?? end)
    }

    /// - Returns: whether it is stopped by this, now.
    package mutating func look(
        at count: ConversionCount, by threshold: ConversionRule.Threshold, stoppingFor span: Span?, at now: Instant
    ) -> Bool {
        guard self.stop(at: now) == nil, threshold.isMissed(by: count) else { return false }
        self.stop = BlockStop(since: now, until: span.map { now + $0 }, count: count)
        return true
    }

    /// - Returns: false where nothing was stopped.
    package mutating func resume(at now: Instant) -> Bool {
        guard self.stop(at: now) != nil else { return false }
        self.stop = nil
        self.resumed = now
        return true
    }
}

/// Why and how long nothing goes to a block.
package struct BlockStop: Hashable, Sendable {
    package let since: Instant
    /// nil: until the staff resumes it.
    package let until: Instant?
    /// What was counted then.
    package let count: ConversionCount

    package init(since: Instant, until: Instant?, count: ConversionCount) {
        self.since = since
        self.until = until
        self.count = count
    }

    package func holds(at now: Instant) -> Bool { self.until.map { now < $0 } ?? true }
}

/// A block of numbers to which no codes of one purpose go, as the operator sees it.
package struct StoppedBlock: Hashable, Sendable {
    package let prefix: String
    package let region: String
    /// Which codes do not go there.
    package let purpose: CodePurpose
    package let since: Instant
    /// nil: until the staff resumes it.
    package let until: Instant?
    /// What was counted when it was stopped.
    package let sent: Int64
    package let used: Int64

    package init(prefix: String, region: String, purpose: CodePurpose, _ stop: BlockStop) {
        (self.prefix, self.region, self.purpose) = (prefix, region, purpose)
        (self.since, self.until) = (stop.since, stop.until)
        (self.sent, self.used) = (stop.count.sent, stop.count.used)
    }
}

/// Which codes are watched together.
package enum ConversionScope: Hashable, Sendable {
    case block(MessageDestination, CodePurpose)
    case firm(CodePurpose)

    package var purpose: CodePurpose {
        switch self {
        case .block(_, let purpose), .firm(let purpose): purpose
        }
    }
}
