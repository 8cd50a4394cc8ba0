import Outbox
import Testing
import Time

@Suite("A block of numbers whose codes nobody types")
struct BlockWatchTests {
    static let start = Instant(milliseconds: 1_767_225_600_000)
    static let threshold = ConversionRule.Threshold(leastSent: 40, leastUsedPercent: 20)

    @Test(
        "Too few used, of enough",
        arguments: [
            (0, 0, false), (39, 0, false), (40, 0, true), (40, 7, true), (40, 8, false), (41, 8, true),
            (1_000, 199, true), (1_000, 200, false), (40, 50, false),
        ] as [(Int64, Int64, Bool)])
    func threshold(sent: Int64, used: Int64, isMissed: Bool) {
        #expect(Self.threshold.isMissed(by: ConversionCount(sent: sent, used: used)) == isMissed)
    }

    /// Minutes after the start: opened, looked at; and slots of five minutes from the start.
    @Test(
        "Whole slots of ripe codes within the window",
        arguments: [
            (nil, 0, -13 ... -2), (nil, 9, -11 ... -1), (nil, 10, -11...0), (nil, 14, -10...0), (nil, 15, -10...1),
            (0, 9, nil), (0, 10, 0...0), (0, 14, 0...0), (0, 15, 0...1), (1, 10, nil), (1, 15, 1...1),
            (0, 70, 1...12), (60, 70, 12...12), (70, 70, nil),
        ] as [(Int64?, Int64, ClosedRange<Int64>?)])
    func slots(opened: Int64?, now: Int64, expected: ClosedRange<Int64>?) {
        let base = ConversionRule.slot(of: Self.start)
        let slots = ConversionRule().slots(
            since: opened.map { Self.start + .minutes($0) }, at: Self.start + .minutes(now))
        #expect(slots.map { $0.lowerBound - base...$0.upperBound - base } == expected)
    }

    private enum Step { case few, fine, tooFew, resume }

    /// What each step says, and whether the block is stopped then.
    @Test("Stopped once, opened by time or by the staff, and watched again")
    func walk() {
        var watch = BlockWatch()
        var now = Self.start
        func take(_ step: Step) -> Bool {
            let count =
                switch step {
                case .few: ConversionCount(sent: 39)
                case .fine: ConversionCount(sent: 100, used: 80)
                case .tooFew, .resume: ConversionCount(sent: 100, used: 3)
                }
            if step == .resume { return watch.resume(at: now) }
            return watch.look(at: count, by: Self.threshold, stoppingFor: .hours(6), at: now)
        }
        for (step, after, does, isStopped) in [
            (.few, 0, false, false), (.fine, 0, false, false), (.resume, 0, false, false), (.tooFew, 0, true, true),
            (.tooFew, 1, false, true), (.fine, 0, false, true), (.resume, 1, true, false), (.resume, 0, false, false),
            (.fine, 1, false, false), (.tooFew, 0, true, true), (.tooFew, 359, false, true), (.few, 1, false, false),
            (.resume, 0, false, false), (.tooFew, 0, true, true),
        ] as [(Step, Int64, Bool, Bool)] {
            now = now + .minutes(after)
            #expect(take(step) == does, "\(step) at \((now - Self.start).milliseconds / 60_000)")
            #expect((watch.stop(at: now) != nil) == isStopped, "\(step)")
        }
    }

    @Test("Whatever opened it, it counts afresh from then on")
    func opened() {
        var watch = BlockWatch()
        let tooFew = ConversionCount(sent: 100, used: 3)
        #expect(watch.opened(at: Self.start) == nil)
        _ = watch.look(at: tooFew, by: Self.threshold, stoppingFor: .hours(6), at: Self.start)
        #expect(watch.stop(at: Self.start)?.count == tooFew)
        #expect(watch.opened(at: Self.start + .hours(7)) == Self.start + .hours(6))
        _ = watch.resume(at: Self.start + .hours(1))
        #expect(watch.opened(at: Self.start + .hours(7)) == Self.start + .hours(1))
        _ = watch.look(at: tooFew, by: Self.threshold, stoppingFor: nil, at: Self.start + .hours(2))
        #expect(watch.stop(at: Self.start + .days(900)) != nil, "until somebody resumes it")
    }
}
