import Channels
import Outbox
import Testing
import Time

@Suite("Whether one more code may go to a number")
struct SendingLimitsTests {
    private static let now = Instant(milliseconds: 1_767_225_600_000)
    private static let destination = MessageDestination(region: "HK", prefix: "+852512")

    private static func refusal(after times: [Instant], by channel: MessageChannel = .text) -> SendingRefusal? {
        var limits = SendingLimits()
        limits.channels = [.text, .voice]
        return limits.refusal(
            by: channel, to: self.destination, after: times.map { SentMessage(channel: .text, at: $0) }, at: self.now)
    }

    @Test("Two minutes after the last, whichever clock dated it")
    func interval() {
        #expect(Self.refusal(after: []) == nil)
        #expect(Self.refusal(after: [Self.now + .minutes(-2)]) == nil)
        #expect(Self.refusal(after: [Self.now + .minutes(-1)]) == .tooSoon(until: Self.now + .minutes(1)))
        for later in [0, 5, 3_000] as [Int64] {
            let sent = Self.now + .milliseconds(later)
            #expect(Self.refusal(after: [sent]) == .tooSoon(until: Self.now + .minutes(2)), "\(later)")
            #expect(Self.refusal(after: [sent], by: .voice) == nil)
        }
    }

    @Test("Five an hour, those that another clock dates a moment later among them")
    func hour() {
        let sent = [50, 40, 30, 20].map { Self.now + .minutes(-$0) } + [Self.now + .milliseconds(5)]
        #expect(Self.refusal(after: sent) == .numberLimit(until: Self.now + .minutes(10)))
    }
}
