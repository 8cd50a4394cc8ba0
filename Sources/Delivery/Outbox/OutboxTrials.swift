internal import Time

/// How many messages may be tried in vain within a second.
struct OutboxTrials {
    private let most: Int
    private var since: Instant?
    private var count = 0

    init(most: Int) { self.most = most }

    /// While no provider takes any: enough to ask each once, and then to see that all were.
    init(providers: Int) { self.init(most: providers + 1) }

    static let span = Span.seconds(1)

    mutating func left(at now: Instant) -> Int {
        if self.since.map({ now < $0 || now >= $0 + Self.span }) ?? true { (self.since, self.count) = (now, 0) }
        return max(0, self.most - self.count)
    }

    mutating func note(_ tried: Int) { self.count += tried }
}
