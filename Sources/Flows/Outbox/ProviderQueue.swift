internal import Time

/// Spreads those who found no place at a provider: each asks again when the ones before it have likely gone, at latest after
/// the reach. It holds a place for nobody.
struct ProviderQueue: Hashable, Sendable {
    private let step: Span
    private let reach: Span
    /// When the last one asks again.
    private var last = Instant(milliseconds: 0)
    /// The same of those within the reach, who are spread as places become free.
    private var spread = Instant(milliseconds: 0)
    /// How many were refused since then. Each that waits is refused about once within the reach, the oldest first: so many
    /// are before the next one.
    private var refused: Int64 = 0
    private var since = Instant(milliseconds: 0)

    init(perSecond count: Int, reach: Span) {
        self.step = .milliseconds(max(1, 1000 / Int64(max(1, count))))
        self.reach = reach
    }

    /// Until when somebody is known to want a place; nil when nobody is.
    func end(at now: Instant) -> Instant? { now < self.last && self.last <= now + self.longest ? self.last : nil }

    /// - Parameter place: the first time at which one may be free.
    mutating func turn(from place: Instant, at now: Instant) -> ProviderTurn {
        let before = self.end(at: now)
        let behind = before == nil ? place : max(place, self.spread + self.step)
        let far = now + self.reach
        // Beyond the reach they stay in order, a millisecond apart.
        let isNear = behind <= far
        let turn = isNear ? behind : max(far, min((before ?? far) + .milliseconds(1), now + self.longest))
        if isNear { self.spread = turn }
        self.last = max(before ?? turn, turn)
        self.count(at: now)
        let expected = now + .milliseconds(self.refused * self.step.milliseconds)
        return .later(turn, expected: max(turn, expected))
    }

    private var longest: Span { .milliseconds(2 * self.reach.milliseconds) }

    private mutating func count(at now: Instant) {
        if now < self.since || now >= self.since + self.reach { (self.since, self.refused) = (now, 0) }
        self.refused += 1
    }
}
