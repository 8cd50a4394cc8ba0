internal import NIOCore
internal import Time

/// A wait that doubles, up to a limit.
struct Doubling {
    private let first: Span
    private let longest: Span
    private var next: Span

    init(from first: Span, to longest: Span) { (self.first, self.longest, self.next) = (first, longest, first) }

    mutating func take() -> Span {
        defer { self.next = min(.milliseconds(self.next.milliseconds * 2), self.longest) }
        return min(self.next, self.longest)
    }

    mutating func reset() { self.next = self.first }
}

/// How long nothing is sent because the provider said that it was too much. It holds for the whole account, over a lost
/// connection too.
struct Throttle {
    private var pauses: Doubling
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var ends = NIODeadline.uptimeNanoseconds(0)

    init(_ timing: SMPPTiming) { self.pauses = Doubling(from: timing.firstThrottle, to: timing.longestThrottle) }

    /// What is left of the pause; nil when there is none.
    func rest(at now: NIODeadline) -> Span? { now < self.ends ? (self.ends - now).span : nil }

    /// The messages of one window are refused together: only what was written after the last pause began says anything new.
    ///
    /// - Returns: the new pause; nil when it is the old one.
    mutating func refused(written: NIODeadline, at now: NIODeadline) -> Span? {
        guard written >= self.began, now >= self.ends else { return nil }
        let pause = self.pauses.take()
        (self.began, self.ends) = (now, now + pause.amount)
        return pause
    }

    /// Whatever was written after the pause and taken shows that it was long enough.
    mutating func taken(written: NIODeadline) {
        if written >= self.ends { self.pauses.reset() }
    }
}

extension Span {
    var amount: TimeAmount { .milliseconds(self.milliseconds) }
}

extension TimeAmount {
    /// Rounded up: who waits so long does not come too early.
    var span: Span { .milliseconds((self.nanoseconds + 999_999) / 1_000_000) }
}
