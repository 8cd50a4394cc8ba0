import Flows
import Outbox
import Testing
import Time

@Suite("Places at a provider that takes so many a second")
struct ProviderRateTests {
    private static let start = Instant(milliseconds: 1_767_225_600_000)

    private static func later(_ turn: ProviderTurn, after start: Instant = Self.start) -> Int64? {
        if case .later(let turn, _) = turn { (turn - start).milliseconds } else { nil }
    }

    @Test("Never more than so many within any second; whoever is refused asks again in order")
    func places() {
        var rate = ProviderRate(perSecond: 2)
        let start = Self.start
        #expect(rate.grows(at: start) == nil)
        #expect(rate.turn(of: .now, at: start) == .now)
        #expect(rate.turn(of: .now, at: start + .milliseconds(400)) == .now)
        let now = start + .milliseconds(500)
        #expect(rate.room(at: now) == OutboxRoom(0) && rate.grows(at: now) == start + .seconds(1))
        #expect(Self.later(rate.turn(of: .now, at: now)) == 1_000, "when the first place is free")
        #expect(Self.later(rate.turn(of: .now, at: now)) == 1_500, "behind the one before")
        #expect(Self.later(rate.turn(of: .now, at: start + .milliseconds(999))) == 2_000)
        #expect(rate.turn(of: .now, at: start + .milliseconds(1_000)) == .now, "no place is kept for anybody")
        #expect(Self.later(rate.turn(of: .now, at: start + .milliseconds(1_399))) == 2_500)
        #expect(rate.turn(of: .now, at: start + .milliseconds(1_400)) == .now)
    }

    @Test(
        "Notices leave a quarter of the places to codes, one at least where there are two",
        arguments: [(1, 1), (2, 1), (4, 3), (10, 8), (100, 75)])
    func reserve(perSecond: Int, forNotices: Int) {
        var rate = ProviderRate(perSecond: perSecond)
        for _ in 1...forNotices { #expect(rate.turn(of: .soon, at: Self.start) == .now) }
        #expect(Self.later(rate.turn(of: .soon, at: Self.start)) == 1_000)
        for _ in 0..<(perSecond - forNotices) { #expect(rate.turn(of: .now, at: Self.start) == .now) }
        #expect(rate.room(at: Self.start) == OutboxRoom(0))
    }

    @Test("While a code is known to want a place there is none for notices")
    func codesFirst() {
        var rate = ProviderRate(perSecond: 1)
        #expect(rate.turn(of: .soon, at: Self.start) == .now)
        let now = Self.start + .milliseconds(200)
        #expect(Self.later(rate.turn(of: .now, at: now)) == 1_000)
        #expect(Self.later(rate.turn(of: .now, at: now)) == 2_000)
        let free = Self.start + .seconds(1)
        #expect(rate.room(at: free) == OutboxRoom(all: 1, forOthers: 0))
        #expect(Self.later(rate.turn(of: .soon, at: free)) == 2_000)
        #expect(rate.turn(of: .now, at: free) == .now)
        #expect(rate.turn(of: .soon, at: Self.start + .seconds(3)) == .now)
    }

    @Test("A thousand that are refused ask again within the reach, in order; what is expected grows with them")
    func spread() {
        var rate = ProviderRate(perSecond: 1)
        _ = rate.turn(of: .now, at: Self.start)
        var last = Self.start
        for number in 1...1_000 as ClosedRange<Int64> {
            guard case .later(let turn, let expected) = rate.turn(of: .now, at: Self.start) else {
                Issue.record("there is no place")
                return
            }
            #expect(last < turn && turn <= Self.start + .seconds(6))
            #expect(expected == Self.start + .seconds(number))
            last = turn
        }
        #expect(rate.turn(of: .now, at: Self.start + .hours(1)) == .now)
        #expect(Self.later(rate.turn(of: .now, at: Self.start + .hours(1)), after: Self.start + .hours(1)) == 1_000)
    }

    @Test("What waited for the store is counted from when it went")
    func late() {
        var rate = ProviderRate(perSecond: 2)
        _ = rate.turn(of: .now, at: Self.start)
        _ = rate.turn(of: .now, at: Self.start)
        rate.leave(1, at: Self.start + .milliseconds(900))
        #expect(rate.room(at: Self.start + .milliseconds(1_000)).all == 1)
        #expect(rate.room(at: Self.start + .milliseconds(1_899)).all == 1)
        #expect(rate.room(at: Self.start + .milliseconds(1_900)).all == 2)
    }

    @Test("A clock that was set back frees all")
    func back() {
        var rate = ProviderRate(perSecond: 1)
        _ = rate.turn(of: .now, at: Self.start)
        _ = rate.turn(of: .now, at: Self.start)
        #expect(rate.room(at: Self.start - .hours(1)) == OutboxRoom(1) && rate.grows(at: Self.start - .hours(1)) == nil)
    }
}
