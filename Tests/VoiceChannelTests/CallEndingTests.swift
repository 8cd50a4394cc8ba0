import Channels
import Testing

@testable import VoiceChannel

@Suite("How a call ends, and what that means")
struct CallEndingTests {
    @Test(
        "Baresip's reasons",
        arguments: [
            ("486 Busy Here", .answer(status: 486)), ("603", .answer(status: 603)), ("end of file", .endOfSound),
            ("", .reset), ("Connection reset by peer", .reset), ("Connection timed out", .timedOut),
            ("Connection refused", .unreachable("Connection refused")),
            ("Destination address required", .unreachable("no such host")), ("Broken pipe", .other),
            ("200 OK", .other), ("+86", .other), ("１２３", .other),
        ] as [(String, CallEnding)])
    func parsed(text: String, ending: CallEnding) { #expect(CallEnding(text) == ending) }

    @Test(
        "What an answer says of the callee, before and after it rang",
        arguments: [
            (486, .busy, .busy), (600, .busy, .busy), (603, .declined, .declined), (607, .declined, .declined),
            (608, .declined, .declined), (480, .noAnswer, .noAnswer), (408, nil, .noAnswer), (487, nil, .noAnswer),
            (404, nil, nil), (403, nil, nil), (503, nil, nil),
        ] as [(Int, DeliveryProgress?, DeliveryProgress?)])
    func callee(status: Int, before: DeliveryProgress?, after: DeliveryProgress?) {
        #expect(CallEnding.answer(status: status).callee(rang: false) == before)
        #expect(CallEnding.answer(status: status).callee(rang: true) == after)
    }

    private static func fault(_ kind: DeliveryFault.Kind, _ status: Int) -> DeliveryFault {
        DeliveryFault(kind, "SIP \(status)")
    }

    @Test(
        "What an answer says of the provider, before anything rang",
        arguments: [
            (404, .refused(fault(.invalidRecipient, 404))), (484, .refused(fault(.invalidRecipient, 484))),
            (604, .refused(fault(.invalidRecipient, 604))), (401, .refused(fault(.account, 401))),
            (403, .refused(fault(.account, 403))), (407, .refused(fault(.account, 407))),
            (488, .refused(fault(.rejectedContent, 488))), (408, .unanswered(fault(.timedOut, 408))),
            (504, .unanswered(fault(.timedOut, 504))), (429, .postponed(fault(.throttled, 429), retryAfter: nil)),
            (503, .postponed(fault(.providerFault, 503), retryAfter: nil)),
            (302, .refused(fault(.providerFault, 302))), (420, .refused(fault(.providerFault, 420))),
        ] as [(Int, HandOver)])
    func handOver(status: Int, answer: HandOver) { #expect(CallEnding.answer(status: status).handOver == answer) }

    @Test("Only what was certainly not sent may be tried again without a thought")
    func certainty() {
        #expect(
            CallEnding("Connection refused").handOver
                == .postponed(DeliveryFault(.unreachable, "Connection refused"), retryAfter: nil))
        for ending: CallEnding in [.reset, .timedOut, .lineLost, .other, .endOfSound] {
            guard case .unanswered = ending.handOver else {
                Issue.record("\(ending) is \(ending.handOver)")
                continue
            }
        }
    }

    @Test(
        "Once it rang, an end that says nothing of the callee",
        arguments: [
            (.answer(status: 404), .undeliverable), (.answer(status: 500), .rejected),
            (.answer(status: 403), .rejected),
            (.reset, .unknown), (.lineLost, .unknown), (.answer(status: 606), .unknown),
        ] as [(CallEnding, DeliveryProgress)])
    func failure(ending: CallEnding, progress: DeliveryProgress) { #expect(ending.failure == progress) }
}
