import Channels
import Testing
import Time

@testable import VoiceChannel

@Suite("A call as a conversation")
struct CallDialogueTests {
    /// A dialogue, and the time that the test moves.
    private struct Talk {
        var dialogue: CallDialogue
        var now = Instant(milliseconds: 0)

        init(registers: Bool = false) {
            self.dialogue = CallDialogue(
                reference: "r", registers: registers,
                times: CallDialogue.Times(
                    taken: .seconds(15), ring: .seconds(30), request: .seconds(20), code: .seconds(24),
                    heard: .seconds(8), reported: .seconds(4)), at: self.now)
        }

        mutating func after(_ seconds: Int64, _ event: CallEvent) -> [CallDialogue.Effect] {
            self.now = self.now + .seconds(seconds)
            return self.dialogue.handle(event, at: self.now)
        }

        /// To the end of whatever is waited for.
        mutating func timeOut() -> [CallDialogue.Effect] {
            self.now = self.dialogue.deadline ?? self.now
            return self.dialogue.handle(.timePassed, at: self.now)
        }

        static func answered() -> Talk {
            var talk = Talk()
            _ = talk.after(1, .ringing)
            _ = talk.after(5, .answered)
            return talk
        }

        static func reading() -> Talk {
            var talk = Talk.answered()
            _ = talk.after(3, .key("1"))
            return talk
        }
    }

    private static let accepted = CallDialogue.Effect.answer(.accepted(reference: "r"))

    private static func report(_ progress: DeliveryProgress, _ detail: String? = nil) -> CallDialogue.Effect {
        .report(progress, detail: detail)
    }

    @Test("Rung, answered, key 1, read to its end: heard, and told as soon as it is")
    func heard() {
        var talk = Talk()
        #expect(talk.dialogue.opening == [.dial])
        #expect(talk.after(2, .ringing) == [Self.accepted, Self.report(.ringing)])
        #expect(talk.after(1, .ringing) == [])
        #expect(talk.after(5, .answered) == [.play(.request), Self.report(.answered)])
        #expect(talk.after(3, .key("1")) == [.play(.code)])
        #expect(talk.after(7, .timePassed) == [], "the first reading takes eight seconds")
        #expect(talk.after(1, .timePassed) == [Self.report(.heard)])
        #expect(talk.after(16, .ended(.endOfSound)) == [.hangUp])
        #expect(talk.dialogue.isOver && talk.dialogue.deadline == nil)
        #expect(talk.after(1, .key("1")) == [])
    }

    @Test("Without key 1 no code is ever read: other keys, three requests, and more time")
    func noKey() {
        var talk = Talk.answered()
        for key: Character in ["0", "2", "8", "*", "#", "A"] { #expect(talk.after(1, .key(key)) == []) }
        #expect(talk.after(10, .ended(.endOfSound)) == [Self.report(.noKeyPressed), .hangUp])
        var silent = Talk.answered()
        #expect(
            silent.timeOut() == [Self.report(.noKeyPressed), .hangUp], "should baresip not say that it is at the end")
        var early = Talk()
        _ = early.after(1, .ringing)
        #expect(early.after(1, .key("1")) == [], "a key before the answer comes from nobody's finger")
    }

    @Test("Key 9 is told at once, and thanked for; before the code and while it is read")
    func notRequested() {
        let effects: [CallDialogue.Effect] = [.play(.reported), Self.report(.notRequested)]
        var talk = Talk.answered()
        #expect(talk.after(1, .key("9")) == effects)
        #expect(talk.after(1, .key("1")) == [], "then no code is read")
        #expect(talk.after(3, .ended(.endOfSound)) == [.hangUp])
        var reading = Talk.reading()
        #expect(reading.after(1, .key("9")) == effects)
        var heard = Talk.reading()
        #expect(heard.after(9, .key("9")) == [Self.report(.heard)] + effects)
        var stuck = Talk.answered()
        _ = stuck.after(1, .key("9"))
        #expect(stuck.timeOut() == [.hangUp])
    }

    @Test("Key 1 reads again, and heard stays heard; the fifth time is the last")
    func again() {
        var talk = Talk.reading()
        #expect(talk.after(2, .key("1")) == [.play(.code)], "from the beginning")
        #expect(talk.after(7, .timePassed) == [])
        #expect(talk.after(2, .key("1")) == [Self.report(.heard), .play(.code)])
        #expect(talk.after(1, .ended(.reset)) == [.hangUp], "heard before")
        var child = Talk.reading()
        for _ in 2...CallDialogue.mostReadings { #expect(child.after(1, .key("1")) == [.play(.code)]) }
        #expect(child.after(1, .key("1")) == [])
    }

    @Test("Hung up: during the request, during the first reading, and after it")
    func hungUp() {
        var talk = Talk.answered()
        #expect(talk.after(1, .ended(.reset)) == [Self.report(.hungUp, "hung up"), .hangUp])
        var reading = Talk.reading()
        #expect(reading.after(7, .ended(.reset)) == [Self.report(.hungUp, "during the first reading"), .hangUp])
        var heard = Talk.reading()
        #expect(heard.after(8, .ended(.reset)) == [Self.report(.heard), .hangUp])
    }

    @Test(
        "Turned down before it rang, and after",
        arguments: [(486, .busy), (603, .declined), (480, .noAnswer)] as [(Int, DeliveryProgress)])
    func turnedDown(status: Int, progress: DeliveryProgress) {
        let told = Self.report(progress, "SIP \(status)")
        var talk = Talk()
        #expect(talk.after(1, .ended(.answer(status: status))) == [Self.accepted, told, .hangUp])
        var rang = Talk()
        _ = rang.after(1, .ringing)
        #expect(rang.after(1, .ended(.answer(status: status))) == [told, .hangUp])
    }

    @Test("Nobody answers: after the ring timeout it is hung up")
    func noAnswer() {
        var talk = Talk()
        _ = talk.after(10, .ringing)
        #expect(talk.after(29, .timePassed) == [])
        #expect(talk.after(1, .timePassed) == [Self.report(.noAnswer, "rang to the end"), .hangUp])
    }

    @Test("Nothing rings: hung up, and tried once more at most")
    func nothing() {
        var talk = Talk()
        #expect(talk.timeOut() == [.answer(.unanswered(DeliveryFault(.timedOut, "no ringing"))), .hangUp])
        #expect(talk.now == Instant(milliseconds: 15_000))
        var answered = Talk()
        #expect(answered.after(1, .answered) == [Self.accepted, .play(.request), Self.report(.answered)])
    }

    @Test("A line that must register does so before it dials; what fails then was certainly not taken")
    func registers() {
        var talk = Talk(registers: true)
        #expect(talk.dialogue.opening == [])
        #expect(talk.after(1, .registered) == [.dial])
        #expect(talk.after(1, .registered) == [], "later ones refresh")
        var refused = Talk(registers: true)
        let account = DeliveryFault(.account, "SIP 403")
        #expect(refused.after(1, .registrationFailed(.answer(status: 403))) == [.answer(.refused(account)), .hangUp])
        for event: CallEvent in [
            .registrationFailed(.timedOut), .registrationFailed(.answer(status: 503)), .ended(.lineLost),
            .commandFailed("uanew"), .stopped,
        ] {
            var talk = Talk(registers: true)
            guard case .answer(.postponed) = talk.after(1, event).first else {
                Issue.record("\(event)")
                continue
            }
        }
        var silent = Talk(registers: true)
        let fault = DeliveryFault(.timedOut, "no answer to the registration")
        #expect(silent.timeOut() == [.answer(.postponed(fault, retryAfter: nil)), .hangUp])
    }

    @Test("A registration that is not refreshed says nothing of a call: it goes on")
    func notRefreshed() {
        var dialling = Talk()
        #expect(dialling.after(1, .registrationFailed(.timedOut)) == [])
        var ringing = Talk()
        _ = ringing.after(1, .ringing)
        var thanking = Talk.answered()
        _ = thanking.after(1, .key("9"))
        for talk in [dialling, ringing, .answered(), .reading(), thanking] {
            for failure: CallEnding in [.answer(status: 403), .answer(status: 486), .timedOut, .reset] {
                var talk = talk
                let state = talk.dialogue.state
                #expect(talk.after(1, .registrationFailed(failure)) == [], "\(state)")
                #expect(talk.dialogue.state == state)
            }
        }
        var read = Talk.reading()
        #expect(read.after(9, .registrationFailed(.timedOut)) == [Self.report(.heard)], "by any event after that time")
        #expect(!read.dialogue.isOver)
    }

    @Test("A lost line and a stopping server are not taken for the callee's doing")
    func lost() {
        for event: CallEvent in [.ended(.lineLost), .stopped] {
            for talk in [Talk.answered(), Talk.reading()] {
                var talk = talk
                guard case .report(.unknown, _) = talk.after(1, event).first else {
                    Issue.record("\(event) in \(talk.dialogue.state)")
                    continue
                }
                #expect(talk.dialogue.isOver)
            }
        }
    }

    @Test("Every state takes every event, and every way ends")
    func everything() {
        let events: [CallEvent] = [
            .registered, .ringing, .answered, .key("1"), .key("5"), .key("9"), .ended(.endOfSound), .ended(.reset),
            .ended(.lineLost), .registrationFailed(.answer(status: 403)), .commandFailed("ausrc"), .timePassed,
            .stopped,
        ]
        var talks = [Talk(), Talk(registers: true)]
        var seen = Set(talks.map(\.dialogue.state))
        while var talk = talks.popLast() {
            for event in events {
                var next = talk
                _ = next.after(1, event)
                if next.now < Instant(milliseconds: 12_000), seen.insert(next.dialogue.state).inserted {
                    talks.append(next)
                }
            }
            var steps = 0
            while !talk.dialogue.isOver, steps < 4 {
                _ = talk.timeOut()
                steps += 1
            }
            #expect(talk.dialogue.isOver, "time alone ends it: \(talk.dialogue.state)")
        }
        #expect(seen.count > 20)
    }
}
