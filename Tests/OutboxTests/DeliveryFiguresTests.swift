import Outbox
import Testing
import Time

@Suite("Figures of what was sent")
struct DeliveryFiguresTests {
    @Test(
        "The median and the 95th hundredth are times that one of them took",
        arguments: [
            ([7], 7, 7), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), (Array(1...20), 10, 19),
            (Array((1...100).reversed()), 50, 95),
            (Array(1...101), 51, 96),
        ] as [([Int64], Int64, Int64)])
    func times(all: [Int64], median: Int64, percentile95: Int64) throws {
        var figures = DeliveryFigures()
        for each in all { figures.note(handOver: .milliseconds(each), arrival: .milliseconds(each * 2)) }
        let (handOver, arrival) = (try #require(figures.timeToHandOver), try #require(figures.timeToArrival))
        #expect(handOver.median == .milliseconds(median) && handOver.percentile95 == .milliseconds(percentile95))
        #expect(arrival.median == .milliseconds(median * 2))
    }

    @Test("The figures of parts are those of the whole")
    func sum() {
        var (one, other) = (DeliveryFigures(), DeliveryFigures())
        (one.counts, other.counts) = ([.sent: 2, .waiting: 1], [.sent: 1, .attempting: 1, .delivered: 3])
        (one.cost, other.cost, other.withoutPrice) = (40_000, 2, 1)
        one.note(handOver: .milliseconds(10), arrival: nil)
        other.note(handOver: .milliseconds(30), arrival: .milliseconds(90))
        one.add(other)
        #expect(one.messages == 8 && one[.sent] == 3 && one.waiting == 2 && one[.failed] == 0)
        #expect(one.cost == 40_002 && one.withoutPrice == 1)
        #expect(one.timeToHandOver?.percentile95 == .milliseconds(30))
        #expect(one.timeToArrival?.median == .milliseconds(90))
        #expect(DeliveryFigures().timeToHandOver == nil && DeliveryFigures().messages == 0)
    }

    @Test(
        "Money is written exactly",
        arguments: [
            (0, "0.00"), (1, "0.000001"), (7_500, "0.0075"), (40_000, "0.04"), (100_000, "0.10"), (12_300_000, "12.30"),
            (1_000_000_000_000, "1000000.00"), (-7_500, "-0.0075"),
        ] as [(Int64, String)])
    func money(millionths: Int64, text: String) { #expect("\(Money(millionths: millionths))" == text) }
}
