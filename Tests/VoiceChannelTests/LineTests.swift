import Channels
import ChildProcesses
import Foundation
import Testing
import Time

@testable import VoiceChannel

@Suite("Lines: how many, and that nothing of them is left", .timeLimit(.minutes(1)))
struct LineTests {
    @Test(
        "What is not taken before anything is dialled",
        arguments: [
            ("+886912345678", .text("hello"), .refused(DeliveryFault(.rejectedContent, "no call"))),
            (
                "+886912345678", .call(.init(firm: "ACME", code: "12a")),
                .refused(DeliveryFault(.rejectedContent, "not digits"))
            ),
            ("886912345678", .call(ShortSpeech.code), .refused(DeliveryFault(.invalidRecipient, "not E.164"))),
            ("+0912345678", .call(ShortSpeech.code), .refused(DeliveryFault(.invalidRecipient, "not E.164"))),
            ("+8869;x=y", .call(ShortSpeech.code), .refused(DeliveryFault(.invalidRecipient, "not E.164"))),
            ("+886９12345678", .call(ShortSpeech.code), .refused(DeliveryFault(.invalidRecipient, "not E.164"))),
        ] as [(String, MessageContent, HandOver)])
    func refused(recipient: String, content: MessageContent, answer: HandOver) async throws {
        let caller = try await Caller(to: freshAddress())
        #expect(await caller.call(recipient, content) == answer)
        #expect(await caller.stop() == [])
    }

    @Test("A code that has expired is not read to anybody; and a channel that does not run says so")
    func notNow() async throws {
        let caller = try await Caller(to: freshAddress())
        let message = Caller.message("+886912345678", .call(ShortSpeech.code))
        let late = await caller.channel.handOver(message, at: message.expires)
        #expect(late == .refused(DeliveryFault(.expired, "before the call")))
        _ = await caller.stop()
        guard case .postponed(let fault, _) = await caller.call() else {
            Issue.record("taken by a channel that does not run")
            return
        }
        #expect(fault.kind == .unreachable)
    }

    @Test("Nothing rings once its time is up: a call that the provider does not take by then is given up")
    func lateRinging() async throws {
        let caller = try await Caller(to: freshAddress())
        let begun = ContinuousClock.now
        let message = Caller.message(
            Caller.recipient, .call(ShortSpeech.code), expires: Instant(milliseconds: 1000 + 3000))
        let answer = await caller.channel.handOver(message, at: Instant(milliseconds: 1000))
        // A machine that is too busy to start a line in time does not dial.
        let late = HandOver.refused(DeliveryFault(.expired, "before it was dialled"))
        #expect([late, .unanswered(DeliveryFault(.timedOut, "no ringing"))].contains(answer))
        #expect(ContinuousClock.now - begun < .seconds(15), "which the provider may take")
        #expect(await caller.stop() == [])
    }

    @Test("All lines taken: postponed; a line that is free again takes a call")
    func throttled() async throws {
        let callee = try await SIPp(
            [SIPp.invite, SIPp.ringing, SIPp.receive("CANCEL"), SIPp.answer("200 OK")], calls: 2)
        let caller = try await Caller(to: callee.address) { ($0.lines, $0.ringTimeout) = (1, .milliseconds(600)) }
        #expect(await caller.call() == Caller.accepted)
        let taken = HandOver.postponed(DeliveryFault(.linesTaken, "all lines are taken"), retryAfter: .seconds(5))
        #expect(await caller.call() == taken)
        #expect(await caller.reports.until(.noAnswer).count == 2)
        var answer = await caller.call()
        while answer == taken { answer = await caller.call() }
        #expect(answer == Caller.accepted)
        #expect(await caller.stop().map(\.progress) == [.ringing, .unknown])
        await callee.stop()
    }

    @Test("A channel that is stopped hangs up, and leaves no process and no file")
    func stopped() async throws {
        let callee = try await SIPp([
            SIPp.invite, SIPp.ringing, SIPp.answered, SIPp.receive("BYE"), SIPp.answer("200 OK"),
        ])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == Caller.accepted)
        #expect(await caller.reports.until(.answered).count == 2)
        #expect(await caller.stop().map(\.progress) == [.unknown])
        #expect(await callee.status() == .exited(0), "hung up")
        #expect(childProcesses(with: "sip:\(callee.address)") == [])
        let temporary = FileManager.default.temporaryDirectory.path
        let folders = try FileManager.default.contentsOfDirectory(atPath: temporary).filter { name in
            // Those of other tests' lines are there for a moment, and hold no account either.
            let accounts = FileManager.default.contents(atPath: "\(temporary)/\(name)/accounts") ?? Data()
            return name.hasPrefix("countersign-line-") && String(decoding: accounts, as: UTF8.self).contains("sip:")
        }
        #expect(folders == [])
    }

    @Test(
        "A baresip that is missing, or ends at once, is a fault of ours and no call",
        arguments: ["/nowhere", "/bin/true"])
    func broken(program: String) async throws {
        let caller = try await Caller(to: freshAddress()) { $0.baresip = program }
        let fault = DeliveryFault(.providerFault, "the line did not start")
        #expect(await caller.call() == .postponed(fault, retryAfter: nil))
        #expect(await caller.stop() == [])
    }
}
