// FactorThrottle in conversations: the schedule of blocks, and what a right answer clears.

import Authenticators
import Testing
import Time

@Suite struct FactorThrottleTests {
    static let start = Instant(milliseconds: 1_000_000)
    static let limits = FactorLimits()

    @Test("5 wrong: 1 min; then 5, 15, 60 min, 24 h, and 24 h for ever")
    func schedule() {
        var throttle = FactorThrottle()
        var now = Self.start
        for failures in 1...4 {
            #expect(throttle.begin(limits: Self.limits, at: now) == nil)
            #expect(throttle.failures == failures)
            #expect(throttle.block(at: now) == nil)
        }
        for block in [Span.minutes(1), .minutes(5), .minutes(15), .minutes(60), .hours(24), .hours(24), .hours(24)] {
            #expect(throttle.nextBlock(limits: Self.limits) == block)
            #expect(throttle.begin(limits: Self.limits, at: now) == nil)
            #expect(throttle.blockedUntil == now + block)
            #expect(throttle.block(at: now + block - .milliseconds(1)) == now + block)
            now = now + block
            #expect(throttle.block(at: now) == nil)
        }
        #expect(throttle.failures == 11)
    }

    @Test("While it is blocked nothing is counted and nothing extended")
    func blocked() {
        var throttle = FactorThrottle()
        for _ in 1...5 { _ = throttle.begin(limits: Self.limits, at: Self.start) }
        let before = throttle
        let end = Self.start + .minutes(1)
        for wait in [0, 1, 30_000, 59_999] as [Int64] {
            #expect(throttle.begin(limits: Self.limits, at: Self.start + .milliseconds(wait)) == end)
        }
        #expect(throttle == before)
        #expect(throttle.begin(limits: Self.limits, at: end) == nil)
        #expect(throttle.failures == 6)
    }

    @Test("500 tries at once get 5")
    func parallel() {
        var throttle = FactorThrottle()
        let admitted = (1...500).count { _ in throttle.begin(limits: Self.limits, at: Self.start) == nil }
        #expect(admitted == 5)
        #expect(throttle.failures == 5)
    }

    @Test("A right answer takes its try back and clears what was before it")
    func success() {
        var throttle = FactorThrottle()
        for _ in 1...5 { _ = throttle.begin(limits: Self.limits, at: Self.start) }
        // The fifth was admitted, and was right.
        throttle.succeeded()
        #expect(throttle == FactorThrottle())
        #expect(throttle.block(at: Self.start) == nil)
        for _ in 1...5 { #expect(throttle.begin(limits: Self.limits, at: Self.start) == nil) }
        #expect(throttle.begin(limits: Self.limits, at: Self.start) == Self.start + .minutes(1))
    }

    @Test("Time clears nothing")
    func time() {
        var throttle = FactorThrottle()
        for _ in 1...4 { _ = throttle.begin(limits: Self.limits, at: Self.start) }
        let later = Self.start + .days(3650)
        #expect(throttle.begin(limits: Self.limits, at: later) == nil)
        #expect(throttle.blockedUntil == later + .minutes(1))
    }

    @Test(
        "Tries left, and the block that the next wrong answer brings",
        arguments: [
            (0, 5, nil), (1, 4, nil), (3, 2, nil), (4, 1, .minutes(1)), (5, 1, .minutes(5)), (6, 1, .minutes(15)),
            (7, 1, .minutes(60)), (8, 1, .hours(24)), (9, 1, .hours(24)), (99, 1, .hours(24)),
        ] as [(Int, Int, Span?)])
    func warning(failures: Int, triesLeft: Int, nextBlock: Span?) {
        let throttle = FactorThrottle(failures: failures)
        #expect(throttle.triesLeft(limits: Self.limits, at: Self.start) == triesLeft)
        #expect(throttle.nextBlock(limits: Self.limits) == nextBlock)
    }

    @Test(
        "An authenticator whose maker is stricter ends sooner, one whose maker is not ends as the others do",
        arguments: [
            (nil, 2, 3, false), (3, 2, 1, false), (3, 3, 1, true), (1, 1, 1, true), (10, 9, 1, false),
            (10, 10, 1, true),
            (1000, 99, 1, false), (1000, 100, 1, true), (nil, 100, 1, true),
        ] as [(Int?, Int, Int, Bool)])
    func makersLimit(own: Int?, failures: Int, triesLeft: Int, isUsedUp: Bool) {
        let (throttle, limits) = (FactorThrottle(failures: failures), Self.limits.with(disabledAfter: own))
        #expect(throttle.triesLeft(limits: limits, at: Self.start) == triesLeft)
        #expect(throttle.isUsedUp(limits: limits) == isUsedUp)
    }

    @Test("None left while it is blocked")
    func noneLeft() {
        let throttle = FactorThrottle(failures: 5, blockedUntil: Self.start)
        #expect(throttle.triesLeft(limits: Self.limits, at: Self.start - .milliseconds(1)) == 0)
        #expect(throttle.triesLeft(limits: Self.limits, at: Self.start) == 1)
    }

    @Test("Without blocks in the configuration there are none")
    func noBlocks() {
        var throttle = FactorThrottle()
        let limits = FactorLimits(blocks: [])
        for _ in 1...20 { #expect(throttle.begin(limits: limits, at: Self.start) == nil) }
        #expect(throttle.failures == 20)
    }

    @Test("The numbers")
    func numbers() {
        let blocks: [Span] = [.minutes(1), .minutes(5), .minutes(15), .minutes(60), .hours(24)]
        #expect(FactorLimits() == FactorLimits(freeTries: 5, blocks: blocks, disabledAfter: 100))
    }
}
