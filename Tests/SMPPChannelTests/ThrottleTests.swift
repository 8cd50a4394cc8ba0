import Channels
import NIOCore
import SMPP
import Testing
import Time

@testable import SMPPChannel

@Suite("SMPP channel: pauses", .timeLimit(.minutes(1)))
struct ThrottleTests {
    private static func at(_ milliseconds: UInt64) -> NIODeadline {
        .uptimeNanoseconds((1000 + milliseconds) * 1_000_000)
    }

    private static func throttle() -> Throttle {
        var timing = SMPPTiming()
        timing.firstThrottle = .milliseconds(100)
        timing.longestThrottle = .milliseconds(300)
        return Throttle(timing)
    }

    @Test("Each pause is twice the last, up to the longest; a success afterwards makes the next one short again")
    func doubling() {
        var throttle = Self.throttle()
        #expect(throttle.rest(at: Self.at(0)) == nil)
        #expect(throttle.refused(written: Self.at(0), at: Self.at(10)) == .milliseconds(100))
        #expect(throttle.rest(at: Self.at(60)) == .milliseconds(50))
        #expect(throttle.rest(at: Self.at(110)) == nil)
        #expect(throttle.refused(written: Self.at(110), at: Self.at(120)) == .milliseconds(200))
        #expect(throttle.refused(written: Self.at(330), at: Self.at(330)) == .milliseconds(300))
        #expect(throttle.refused(written: Self.at(640), at: Self.at(640)) == .milliseconds(300))
        throttle.taken(written: Self.at(950))
        #expect(throttle.refused(written: Self.at(960), at: Self.at(960)) == .milliseconds(100))
    }

    @Test("A window that is refused as a whole doubles once, and what was taken before the pause proves nothing")
    func once() {
        var throttle = Self.throttle()
        #expect(throttle.refused(written: Self.at(0), at: Self.at(10)) == .milliseconds(100))
        #expect(throttle.refused(written: Self.at(1), at: Self.at(11)) == nil)
        #expect(throttle.refused(written: Self.at(2), at: Self.at(200)) == nil)  // late, but of the same window
        throttle.taken(written: Self.at(3))
        #expect(throttle.refused(written: Self.at(200), at: Self.at(210)) == .milliseconds(200))
    }

    @Test("Throttled: who waits is told, and nothing more is sent", arguments: [StatusCode.rthrottled, .rmsgqful])
    func throttled(status: StatusCode) async throws {
        try await Rig.with {
            $0.window = 1
            $0.timing.firstThrottle = .seconds(60)
        } run: { rig in
            async let first = rig.handOver()
            let submit = await rig.smsc.submits.next()
            async let waiting = rig.handOver()
            await rig.queued(1)
            submit.refuse(status)
            for answer in [await first, await waiting, await rig.handOver()] {
                guard case .postponed(let fault, let rest?) = answer else { throw Unexpected() }
                #expect(fault.kind == .throttled)
                #expect(rest <= .seconds(60) && rest > .seconds(30))
                #expect([CommandStatus(status).name, "a pause"].contains(fault.detail))
            }
            await rig.settled(over: submit)
            #expect(rig.smsc.submits.count == 0)
        }
    }

    @Test("The pause outlives the connection")
    func overConnections() async throws {
        try await Rig.with {
            $0.timing.firstThrottle = .seconds(60)
        } run: { rig in
            async let first = rig.handOver()
            let submit = await rig.smsc.submits.next()
            submit.refuse(.rthrottled)
            _ = await first
            try await submit.channel.close().get()
            _ = await rig.smsc.binds.next()
            let answer = await rig.handOver { answer in
                guard case .postponed(let fault, _) = answer else { return false }
                return fault.kind == .unreachable
            }
            guard case .postponed(let fault, _) = answer else { throw Unexpected() }
            #expect(fault == .init(.throttled, "a pause"))
        }
    }

    @Test("After the pause all is well")
    func afterwards() async throws {
        try await Rig.with {
            $0.timing.firstThrottle = .milliseconds(20)
        } run: { rig in
            async let first = rig.handOver()
            let submit = await rig.smsc.submits.next()
            rig.smsc.change { $0.takesAll = true }
            submit.refuse(.rthrottled)
            _ = await first
            let answer = await rig.handOver { answer in
                guard case .postponed(let fault, _) = answer else { return false }
                return fault.kind == .throttled
            }
            #expect(answer == .accepted(reference: "1"))
            #expect(rig.smsc.binds.count == 0)
        }
    }
}
