import Channels
import Outbox
import Testing
import Time

/// Reports that come late, twice, and in any order.
@Suite("What providers report")
struct MessageReportTests {
    typealias Talk = MessageLifeTests.Talk

    @Test(
        "What a report makes of a message that was taken",
        arguments: [
            (.underWay, .sent), (.buffered, .sent), (.ringing, .sent), (.answered, .sent), (.unknown, .sent),
            (.delivered, .delivered),
            (.heard, .delivered), (.expired, .failed), (.undeliverable, .failed), (.rejected, .failed),
            (.busy, .failed),
            (.noAnswer, .failed), (.hungUp, .failed), (.noKeyPressed, .failed), (.notRequested, .failed),
        ] as [(DeliveryProgress, MessageState)])
    func one(progress: DeliveryProgress, state: MessageState) {
        var talk = Talk("acme")
        _ = talk.sent()
        _ = talk.hear(progress)
        #expect(talk.life.state == state && talk.life.progress == progress)
        let once = talk.life
        talk.now = talk.now + .seconds(1)
        #expect(talk.hear(progress).allSatisfy { $0 != .disowned } && talk.life == once, "a second one changes nothing")
    }

    @Test("Steps of a call do not go back")
    func steps() {
        var talk = Talk("line")
        _ = talk.sent()
        for (said, known) in [
            (.underWay, .underWay), (.buffered, .buffered), (.underWay, .buffered), (.answered, .answered),
            (.ringing, .answered), (.buffered, .answered), (.unknown, .answered),
        ] as [(DeliveryProgress, DeliveryProgress)] {
            #expect(talk.hear(said) == [])
            #expect(talk.life.progress == known)
        }
    }

    @Test("What has arrived stays so, and the contradiction is noted")
    func contradicted() {
        var talk = Talk("acme")
        _ = talk.sent()
        _ = talk.hear(.delivered)
        #expect(talk.hear(.undeliverable) == [.record(.contradicted)])
        #expect(talk.life.state == .delivered && talk.life.progress == .delivered)
    }

    @Test("That it arrived is believed after that it did not")
    func corrected() {
        var talk = Talk("acme")
        _ = talk.sent()
        _ = talk.hear(.undeliverable)
        #expect(talk.hear(.delivered) == [.record(.delivered)])
        #expect(talk.life.state == .delivered)
        var never = Talk("acme")
        _ = never.claim()
        _ = never.say(.refused(DeliveryFault(.invalidRecipient, "")))
        #expect(never.hear(.delivered) == [] && never.life.state == .failed, "nobody took it")
    }

    @Test("Whoever did not ask for it says so once, whenever he says it")
    func disowned() {
        var talk = Talk("line")
        _ = talk.sent()
        #expect(talk.hear(.notRequested) == [.disowned])
        #expect(talk.hear(.notRequested) == [] && talk.life.state == .failed)
        #expect(talk.hear(.heard) == [] && talk.life.progress == .notRequested)
        var heard = Talk("line")
        _ = heard.sent()
        _ = heard.hear(.heard)
        #expect(heard.hear(.notRequested) == [.disowned])
        #expect(heard.life.state == .delivered && heard.life.progress == .notRequested)
        var again = Talk("line", "other")
        _ = again.claim()
        _ = again.say(.unanswered(MessageLifeTests.lost))
        #expect(again.hear(.notRequested) == [.disowned], "of the try whose answer was lost")
        #expect(again.life.state == .withdrawn)
    }

    @Test("The provider's clock is believed within what is possible")
    func clocks() {
        var talk = Talk("acme")
        talk.now = talk.now + .seconds(10)
        _ = talk.sent()
        let sent = talk.now
        talk.now = talk.now + .seconds(10)
        for (said, ended) in [(-5, 0), (4, 4), (500, 10)] as [(Int64, Int64)] {
            var copy = talk
            let at = Instant(milliseconds: sent.milliseconds + said * 1000)
            _ = copy.say(.reported(.delivered, detail: "stat:DELIVRD", at: at))
            #expect(copy.life.ended == sent + .seconds(ended) && copy.life.detail == "stat:DELIVRD")
        }
    }
}
