import Channels
import Outbox
import Testing
import Time

@Suite("A message whose turn comes later, or that is kept back")
struct PutBackTests {
    typealias Talk = MessageLifeTests.Talk

    @Test("Put back, it is as if nobody had been asked")
    func putBack() {
        var talk = Talk("acme", "other")
        _ = talk.claim()
        let turn = talk.now + .milliseconds(700)
        #expect(talk.say(.putBack(until: turn)) == [.tryAgain(turn)])
        #expect(talk.life.state == .waiting && talk.life.due == turn && talk.life.provider == nil)
        #expect(talk.life.attempts == 0 && talk.life.needsBody)
        talk.now = turn
        #expect(talk.claim() == [.handOver("acme")])
        #expect(talk.life.attempts == 1)
    }

    @Test("Whoever was asked before stays asked; never beyond its life; a login that ended ends it")
    func bounds() {
        var talk = Talk("acme", "other", life: .seconds(1))
        _ = talk.claim()
        _ = talk.say(.postponed(MessageLifeTests.unreachable, retryAfter: nil))
        _ = talk.claim()
        #expect(talk.say(.putBack(until: talk.now + .hours(1))) == [.tryAgain(talk.now + .seconds(1))])
        #expect(talk.life.attempts == 1 && talk.claim() == [.handOver("other")])
        _ = talk.say(.withdrawn)
        #expect(talk.say(.putBack(until: talk.now)).isEmpty && talk.life.state == .withdrawn)
    }

    @Test(
        "Kept back for its number: nobody else is asked, and it is nobody's",
        arguments: [
            DeliveryFault.Kind.simSwapped, .unchecked,
        ])
    func keptBack(kind: DeliveryFault.Kind) {
        var talk = Talk("acme", "other")
        _ = talk.claim()
        #expect(talk.say(.refused(DeliveryFault(kind, ""))) == [.record(.failed)])
        #expect(talk.life.state == .failed && talk.life.fault == kind && talk.life.provider == nil)
        #expect(!talk.life.needsBody)
    }
}
