import Channels
import Identifiers
import SMPP
import Testing
import Time

@testable import SMPPChannel

@Suite("SMPP channel: handing over", .timeLimit(.minutes(1)))
struct HandOverTests {
    @Test("A text: whom, from whom, how long, with a receipt")
    func text() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            let message = try #require(submit.message)
            #expect(message.source == SMPPAddress(sender: "Acme"))
            #expect(message.destination == SMPPAddress(e164: Rig.number))
            #expect(message.validity == .after(.seconds(600)) || message.validity == .after(.seconds(599)))
            #expect(message.registeredDelivery == .final)
            #expect(message.coding == .standard)
            #expect(message.messageClass == .plain)
            #expect(try UserData(message).text == "Your code is 918273")
            submit.take(as: "4f3A")
            #expect(await answer == .accepted(reference: "4f3A"))
        }
    }

    @Test("Chinese, as UTF-16, with an end instead of a length of time")
    func chinese() async throws {
        try await Rig.with {
            $0.validity = .absolute
        } run: { rig in
            async let answer = rig.handOver("您的驗證碼是 918273")
            let submit = await rig.smsc.submits.next()
            let message = try #require(submit.message)
            #expect(message.coding == .ucs2)
            #expect(try UserData(message).text == "您的驗證碼是 918273")
            guard case .at(let end)? = message.validity else { throw Unexpected() }
            #expect(end <= Rig.now + .minutes(10) && end > Rig.now + .minutes(9))
            submit.take(as: "1")
            #expect(await answer == .accepted(reference: "1"))
        }
    }

    @Test(
        "The alphabet of the provider: what goes, and under which number",
        arguments: [
            (.gsm7, "é@", 0, [0x05, 0x00]), (.latin1, "é@", 3, [0xE9, 0x40]), (.latin1Default, "é@", 0, [0xE9, 0x40]),
            (.ucs2, "é@", 8, [0x00, 0xE9, 0x00, 0x40]), (.latin1Default, "碼", 8, [0x78, 0xBC]),
            (.latin1, "Δ", 8, [0x03, 0x94]),
        ] as [(SMPPAlphabet, String, UInt8, [UInt8])])
    func alphabet(alphabet: SMPPAlphabet, text: String, coding: UInt8, bytes: [UInt8]) async throws {
        try await Rig.with {
            $0.alphabet = alphabet
        } run: { rig in
            async let answer = rig.handOver(text)
            let submit = await rig.smsc.submits.next()
            let message = try #require(submit.message)
            #expect(message.coding.rawValue == coding && message.shortMessage == bytes)
            submit.take(as: "1")
            #expect(await answer == .accepted(reference: "1"))
        }
    }

    @Test("A registered text goes with the names that the carriers look for")
    func registration() async throws {
        try await Rig.with { rig in
            let message = OutgoingMessage(
                id: DeliveryID(at: Rig.now, random: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), recipient: Rig.number,
                language: "en", content: .text("918273 is your code"), expires: Rig.now + .minutes(10),
                registration: MessageRegistration(template: "1107", entity: "1101"))
            async let answer = rig.channel.handOver(message, at: Rig.now)
            let submit = await rig.smsc.submits.next()
            let received = try #require(submit.message)
            #expect(received.parameters[.registeredEntity] == Array("1101".utf8))
            #expect(received.parameters[.registeredTemplate] == Array("1107".utf8))
            submit.take(as: "1")
            #expect(await answer == .accepted(reference: "1"))
        }
    }

    @Test("An id that is missing makes no reference")
    func noID() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            await rig.smsc.submits.next().take(as: "")
            #expect(await answer == .accepted(reference: nil))
        }
    }

    @Test("Never sent: a number that is none, a text without end, a message whose time is over, another kind")
    func never() async throws {
        try await Rig.with { rig in
            #expect(await rig.handOver(to: "0912345678") == .refused(.init(.invalidRecipient, "not a number in E.164")))
            let long = String(repeating: "a", count: 40_000)
            #expect(await rig.handOver(long) == .refused(.init(.rejectedContent, "too long")))
            #expect(await rig.handOver(for: .milliseconds(999)) == .refused(.init(.expired, "before it was sent")))
            let mail = OutgoingMessage(
                id: Rig.message("").id, recipient: Rig.number, language: "en",
                content: .mail(subject: "Hello", text: ""), expires: Rig.now + .minutes(1))
            #expect(await rig.channel.handOver(mail, at: Rig.now) == .refused(.init(.rejectedContent, "not a text")))
            #expect(rig.smsc.submits.count == 0)
        }
    }

    static let answers: [(StatusCode, HandOver)] = [
        (.rinvdstadr, .refused(.init(.invalidRecipient, "ESME_RINVDSTADR"))),
        (.rinvsrcadr, .refused(.init(.account, "ESME_RINVSRCADR"))),
        (.rinvmsglen, .refused(.init(.rejectedContent, "ESME_RINVMSGLEN"))),
        (.rxPAppn, .refused(.init(.providerFault, "ESME_RX_P_APPN"))),
        (.rsyserr, .postponed(.init(.providerFault, "ESME_RSYSERR"), retryAfter: nil)),
    ]

    @Test("What the provider answers", arguments: Self.answers)
    func status(status: StatusCode, expected: HandOver) async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            await rig.smsc.submits.next().refuse(status)
            #expect(await answer == expected)
        }
    }

    @Test("A vendor's own status may have passed the next time; only ESME_ROK is success")
    func statuses() {
        guard case .postponed(.providerFault) = Answer(to: CommandStatus(rawValue: 0x400)) else {
            Issue.record("another answer")
            return
        }
        for code in StatusCode.allCases {
            guard case .taken = Answer(to: CommandStatus(code)) else { continue }
            #expect(code == .rok)
        }
    }

    @Test("A generic_nack refuses the message that it names")
    func nack() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            await rig.smsc.submits.next().answer(.genericNack, .rinvcmdlen)
            #expect(await answer == .refused(.init(.rejectedContent, "ESME_RINVCMDLEN")))
        }
    }

    @Test("No more at once than the window, and the next when one is answered")
    func window() async throws {
        try await Rig.with {
            $0.window = 2
        } run: { rig in
            try await withThrowingTaskGroup(of: HandOver.self) { group in
                for _ in 0..<5 { group.addTask { await rig.handOver() } }
                let first = await rig.smsc.submits.next(2)
                await rig.queued(3)
                await rig.settled(over: first[0])
                #expect(rig.smsc.submits.count == 0)
                first[1].take(as: "1")
                let third = await rig.smsc.submits.next()
                await rig.settled(over: third)
                #expect(rig.smsc.submits.count == 0)
                first[0].take(as: "0")
                third.take(as: "2")
                for last in await rig.smsc.submits.next(2) { last.take(as: "\(last.pdu.sequence)") }
                for try await answer in group { guard case .accepted = answer else { throw Unexpected() } }
            }
        }
    }

    @Test("The answer to none of ours changes nothing, the right one still counts")
    func unknownSequence() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            let other = PDU(.submitResponse(messageID: "other"), sequence: submit.pdu.sequence + 100)
            TestSMSC.send(other, on: submit.channel)
            submit.take(as: "ours")
            #expect(await answer == .accepted(reference: "ours"))
        }
    }

    @Test("An answer that cannot be read: the message may have been taken, and the bind goes on")
    func malformedAnswer() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            let header: [UInt8] = [0, 0, 0, 18, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, UInt8(submit.pdu.sequence)]
            TestSMSC.send(header + Array("id".utf8), on: submit.channel)  // without its NUL
            #expect(await answer == .unanswered(.init(.malformedAnswer, #"truncated("message_id")"#)))
            async let next = rig.handOver()
            await rig.smsc.submits.next().take(as: "1")
            #expect(await next == .accepted(reference: "1"))
            #expect(rig.smsc.binds.count == 0)
        }
    }

    @Test("No answer in time: it may have been taken. What comes too late is nobody's, and the link is asked for")
    func slow() async throws {
        try await Rig.with {
            $0.timing.answer = .seconds(1)
        } run: { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            #expect(await answer == .unanswered(.init(.timedOut, "no answer")))
            #expect(await rig.smsc.others.next().pdu.operation == .enquireLink)
            submit.take(as: "late")
            async let next = rig.handOver()
            await rig.smsc.submits.next().take(as: "next")
            #expect(await next == .accepted(reference: "next"))
        }
    }

    @Test("No log has the text, the number or the password")
    func secrecy() async throws {
        try await Rig.with { rig in
            for status in [StatusCode.rok, .rinvdstadr, .rsyserr, .rthrottled] {
                async let answer = rig.handOver()
                let submit = await rig.smsc.submits.next()
                status == .rok ? submit.take(as: "7") : submit.refuse(status)
                rig.receipt("id:7 stat:DELIVRD err:000 text:Your code is 918273", over: submit)
                rig.receipt("stat:DELIVRD text:Your code is 918273", sequence: 2, over: submit)
                _ = await answer
                await rig.settled(over: submit)
            }
            #expect(!rig.log.lines.isEmpty)
            for line in rig.log.lines {
                for secret in ["918273", "912345678", Rig.password] { #expect(!line.contains(secret), "\(line)") }
            }
        }
    }
}

struct Unexpected: Error {}
