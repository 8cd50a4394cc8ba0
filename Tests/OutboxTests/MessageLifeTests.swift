import Channels
import Outbox
import Testing
import Time

@Suite("What becomes of a message")
struct MessageLifeTests {
    static let start = Instant(milliseconds: 1_767_225_600_000)
    static let unreachable = DeliveryFault(.unreachable, "no connection")
    static let lost = DeliveryFault(.timedOut, "no answer in 5 s")

    /// A message, a clock, and the providers that carry it.
    struct Talk {
        var life: MessageLife
        var now = MessageLifeTests.start
        var route: MessageRoute

        init(_ providers: String..., open: [String]? = nil, life: Span = .minutes(10)) {
            self.life = MessageLife(created: self.now, expires: self.now + life)
            self.route = MessageRoute(providers: providers, open: open ?? providers)
        }

        mutating func say(_ event: MessageEvent) -> [MessageEffect] { self.life.handle(event, at: self.now) }
        mutating func claim() -> [MessageEffect] { self.say(.claimed(self.route, until: self.now + .seconds(30))) }

        mutating func sent(reference: String? = "r1") -> [MessageEffect] {
            _ = self.claim()
            return self.say(.accepted(reference: reference, cost: 40_000))
        }

        mutating func hear(_ progress: DeliveryProgress) -> [MessageEffect] {
            self.say(.reported(progress, detail: nil, at: nil))
        }
    }

    @Test("Handed over, taken, arrived")
    func delivered() {
        var talk = Talk("acme")
        #expect(talk.claim() == [.handOver("acme")])
        #expect(talk.life.state == .attempting && talk.life.due == Self.start + .seconds(30))
        talk.now = talk.now + .milliseconds(20)
        #expect(talk.say(.accepted(reference: "r1", cost: 40_000)) == [.record(.handedOver)])
        #expect(talk.life.state == .sent && talk.life.due == nil && !talk.life.needsBody)
        #expect(talk.life.reference == "r1" && talk.life.cost == 40_000 && talk.life.sent == talk.now)
        talk.now = talk.now + .seconds(3)
        #expect(talk.hear(.delivered) == [.record(.delivered)])
        #expect(talk.life.state == .delivered && talk.life.ended == talk.now)
    }

    @Test(
        "Whoever does not take it is followed by the next one at once",
        arguments: [
            .refused(DeliveryFault(.providerFault, "")), .refused(DeliveryFault(.rejectedContent, "")),
            .refused(DeliveryFault(.account, "")), .postponed(unreachable, retryAfter: nil),
            .postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(9)),
            .postponed(DeliveryFault(.malformedAnswer, ""), retryAfter: nil), .unanswered(lost),
        ] as [MessageEvent])
    func next(answer: MessageEvent) {
        var talk = Talk("first", "second")
        _ = talk.claim()
        #expect(talk.say(answer) == [.tryAgain(Self.start)])
        #expect(talk.life.state == .waiting && talk.life.needsBody && talk.life.provider == nil)
        #expect(talk.claim() == [.handOver("second")])
    }

    @Test("A number that there is not is tried nowhere else")
    func recipient() {
        for answer in [
            MessageEvent.refused(DeliveryFault(.invalidRecipient, "")),
            .postponed(DeliveryFault(.invalidRecipient, ""), retryAfter: nil),
        ] {
            var talk = Talk("first", "second")
            _ = talk.claim()
            #expect(talk.say(answer) == [.record(.failed)])
            #expect(talk.life.state == .failed && talk.life.fault == .invalidRecipient && talk.life.progress == nil)
        }
    }

    @Test("When all were asked there is a pause that grows, and the first is asked first again")
    func pauses() {
        var talk = Talk("first", "second")
        for pause in [1, 2, 5, 10, 20, 20] as [Int64] {
            for name in ["first", "second"] {
                #expect(talk.claim() == [.handOver(name)])
                _ = talk.say(.postponed(Self.unreachable, retryAfter: nil))
            }
            #expect(talk.claim() == [.tryAgain(talk.now + .seconds(pause))])
            talk.now = talk.now + .seconds(pause)
        }
        #expect(talk.life.attempts == 12 && talk.life.lostAnswers == 0)
    }

    @Test("The pause is as long as the provider says, where it says so, and never longer than the message's life")
    func toldPause() {
        var talk = Talk("only", life: .seconds(60))
        _ = talk.claim()
        _ = talk.say(.postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(7)))
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(7))])
        talk.now = talk.now + .seconds(7)
        _ = talk.claim()
        _ = talk.say(.postponed(DeliveryFault(.throttled, ""), retryAfter: .minutes(5)))
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(60))])
        talk.now = Self.start + .seconds(60)
        #expect(talk.claim() == [.record(.expired)])
        #expect(talk.life.state == .expired)
    }

    @Test(
        "One provider's pause holds for him alone: the message is due as soon as somebody may be asked",
        arguments: [
            .postponed(unreachable, retryAfter: nil), .unanswered(lost), .leaseEnded,
            .postponed(DeliveryFault(.throttled, ""), retryAfter: .milliseconds(300)),
        ] as [MessageEvent])
    func pauseOfOne(answer: MessageEvent) {
        var talk = Talk("throttled", "away", life: .hours(1))
        _ = talk.claim()
        _ = talk.say(.postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(600)))
        #expect(talk.claim() == [.handOver("away")])
        _ = talk.say(answer)
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(1))])
        talk.now = Self.start + .seconds(1)
        #expect(talk.claim() == [.handOver("away")], "the first is left alone for as long as he said")
        _ = talk.say(.postponed(Self.unreachable, retryAfter: nil))
        #expect(talk.claim() == [.tryAgain(talk.now + .seconds(2))])
        talk.now = Self.start + .seconds(600)
        #expect(talk.claim() == [.handOver("throttled")])
    }

    @Test("Where all want to be left alone it is due when the first of them does no more; who is off may be back")
    func pauseOfAll() {
        var talk = Talk("long", "short")
        for pause in [300, 40] as [Int64] {
            _ = talk.claim()
            _ = talk.say(.postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(pause)))
        }
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(40))])
        talk.now = Self.start + .seconds(40)
        #expect(talk.claim() == [.handOver("short")])
        _ = talk.say(.refused(DeliveryFault(.account, "")))
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(300))], "who refused it is waited for no more")
        var off = Talk("on", "off", open: ["on"])
        _ = off.claim()
        _ = off.say(.postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(300)))
        #expect(off.claim() == [.tryAgain(Self.start + .seconds(1))])
        #expect(off.claim() == [.tryAgain(Self.start + .seconds(2))], "the round's pause alone")
    }

    @Test("Whoever refused it is not asked again; when all did, it has failed, by the last one's fault")
    func refusedForGood() {
        var talk = Talk("first", "second")
        _ = talk.claim()
        _ = talk.say(.refused(DeliveryFault(.rejectedContent, "template")))
        _ = talk.claim()
        _ = talk.say(.postponed(Self.unreachable, retryAfter: nil))
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(1))])
        talk.now = talk.now + .seconds(1)
        #expect(talk.claim() == [.handOver("second")])
        _ = talk.say(.refused(DeliveryFault(.account, "no credit")))
        #expect(talk.claim() == [.record(.failed)])
        #expect(talk.life.fault == .account && talk.life.detail == "no credit")
    }

    @Test("A lost answer is followed by one more try, and no third")
    func lostAnswers() {
        for event in [MessageEvent.unanswered(Self.lost), .leaseEnded] {
            var talk = Talk("first", "second", "third")
            _ = talk.claim()
            #expect(talk.say(event) == [.tryAgain(Self.start)])
            #expect(talk.claim() == [.handOver("second")])
            // What was certainly not taken costs nothing.
            _ = talk.say(.postponed(Self.unreachable, retryAfter: nil))
            #expect(talk.claim() == [.handOver("third")])
            #expect(talk.say(event) == [.record(.failed)])
            #expect(talk.life.state == .failed && talk.life.fault == .timedOut)
            #expect(talk.life.progress == .unknown, "it may have arrived, twice even")
        }
    }

    @Test("One provider alone gets the second try after a pause")
    func lostAnswerOfTheOnlyOne() {
        var talk = Talk("only")
        _ = talk.claim()
        _ = talk.say(.unanswered(Self.lost))
        #expect(talk.claim() == [.tryAgain(Self.start + .seconds(1))])
        talk.now = talk.now + .seconds(1)
        #expect(talk.claim() == [.handOver("only")])
        #expect(talk.say(.accepted(reference: nil, cost: nil)) == [.record(.handedOver)])
        #expect(talk.life.fault == nil && talk.life.detail == nil)
    }

    @Test("Switched off: it waits; reached by nobody: it fails at once")
    func noProvider() {
        var off = Talk("acme", open: [])
        #expect(off.claim() == [.tryAgain(Self.start + .seconds(1))])
        #expect(off.life.state == .waiting && off.life.attempts == 0)
        var nobody = Talk()
        #expect(nobody.claim() == [.record(.failed)])
        #expect(nobody.life.fault == .unreachable)
    }

    @Test("Its time is up: nothing is begun any more, and what is under way is waited for")
    func timeUp() {
        var late = Talk("acme", life: .seconds(5))
        late.now = late.now + .seconds(5)
        #expect(late.claim() == [.record(.expired)])
        var slow = Talk("acme", life: .seconds(5))
        _ = slow.claim()
        slow.now = slow.now + .seconds(5)
        #expect(slow.say(.timeUp) == [])
        #expect(slow.say(.accepted(reference: "r", cost: nil)) == [.record(.handedOver)])
        var refused = Talk("acme", "other", life: .seconds(5))
        _ = refused.claim()
        refused.now = refused.now + .seconds(5)
        #expect(refused.say(.postponed(Self.unreachable, retryAfter: nil)) == [.record(.expired)])
    }

    @Test("Withdrawn: it does not go; under way: it is not tried again")
    func withdrawn() {
        var talk = Talk("acme")
        #expect(talk.say(.withdrawn) == [] && talk.life.state == .withdrawn && !talk.life.needsBody)
        var taken = Talk("acme", "other")
        _ = taken.claim()
        #expect(taken.say(.withdrawn) == [] && taken.life.state == .attempting)
        var refused = taken
        #expect(taken.say(.accepted(reference: "r", cost: nil)) == [.record(.handedOver)])
        #expect(refused.say(.postponed(Self.unreachable, retryAfter: nil)) == [])
        #expect(refused.life.state == .withdrawn)
    }
}
