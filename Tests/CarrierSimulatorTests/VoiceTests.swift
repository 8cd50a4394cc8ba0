import Testing
import Time

@testable import CarrierSimulator

@Suite("What SIP and its sound say")
struct VoiceTests {
    private static let invite = """
        INVITE sip:+85291234567@127.0.0.1:5070;user=phone SIP/2.0\r
        Via: SIP/2.0/UDP 127.0.0.1:4000;branch=z9hG4bK1;rport\r
        f: "Northwind" <sip:+85230000000@127.0.0.1>;tag=a\r
        To: <sip:+85291234567@127.0.0.1:5070>\r
        i: abc\r
        CSeq: 7 INVITE\r
        m: <sip:x@127.0.0.1:4000>\r
        \r

        """

    private static let offer = """
        v=0\r
        c=IN IP4 127.0.0.1\r
        m=audio 5000 RTP/AVP 8 0 101\r
        a=rtpmap:8 PCMA/8000\r
        a=rtpmap:101 telephone-event/8000\r

        """

    @Test("A request is read, short names too, and answered with what came")
    func request() throws {
        let message = try #require(SIPMessage(Array(Self.invite.utf8)))
        #expect(message.method == "INVITE")
        #expect(message.callID == "abc")
        #expect(message.sequence == 7)
        #expect(SIPMessage.user(of: message.value("from") ?? "") == "Northwind")
        let answer = try #require(SIPMessage(message.response(180, "Ringing", tag: "t")))
        #expect(answer.start == .response(status: 180, reason: "Ringing"))
        #expect(answer.value("to") == "<sip:+85291234567@127.0.0.1:5070>;tag=t")
        #expect(answer.value("via") == message.value("via"))
        #expect(answer.value("cseq") == "7 INVITE")
    }

    @Test(
        "What is no message",
        arguments: [
            "", "\r\n\r\n", "INVITE sip:x\r\n\r\n", "INVITE sip:x SIP/3.0\r\n\r\n", "SIP/2.0 99 x\r\n\r\n",
            "BYE sip:x SIP/2.0\r\nbroken\r\n\r\n", "BYE sip:x SIP/2.0\r\nvia: a",
        ])
    func noMessage(text: String) { #expect(SIPMessage(Array(text.utf8)) == nil) }

    @Test(
        "Who calls",
        arguments: [
            ("\"A B\" <sip:x@h>;tag=1", "A B"), ("<sip:+852@h>", "+852"), ("sip:y@h;tag=1", "y"),
            ("<sip:%2B852@h>", "+852"), ("nonsense", ""),
        ])
    func callers(value: String, expected: String) { #expect(SIPMessage.user(of: value) == expected) }

    @Test("An offer of sound")
    func offers() throws {
        let offer = try #require(SoundOffer(Self.offer))
        #expect(offer.port == 5000)
        #expect(offer.codec == .a)
        #expect(offer.keys == 101)
        let answer = try #require(SoundOffer(offer.answer(port: 6000, session: 1)))
        #expect(answer.port == 6000)
        #expect(answer.codec == .a)
        #expect(answer.keys == 101)
    }

    @Test(
        "Offers that a telephone cannot take",
        arguments: [
            "", "c=IN IP4 127.0.0.1\r\n", "c=IN IP4 10.0.0.1\r\nm=audio 5000 RTP/AVP 0\r\n",
            "c=IN IP4 127.0.0.1\r\nm=audio 5000 RTP/SAVP 0\r\n", "c=IN IP4 127.0.0.1\r\nm=audio 5000 RTP/AVP 9\r\n",
            "c=IN IP4 127.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n", "c=IN IP4 127.0.0.1\r\nm=video 5000 RTP/AVP 0\r\n",
        ])
    func refusedOffers(text: String) { #expect(SoundOffer(text) == nil) }

    /// Rows of ITU-T G.711: the ends and the middle of both laws.
    @Test(
        "Sound of 8 bits",
        arguments: [
            (.mu, 0xFF, 0), (.mu, 0x7F, 0), (.mu, 0x80, 32124), (.mu, 0x00, -32124), (.mu, 0xFE, 8), (.mu, 0xF0, 120),
            (.mu, 0xEF, 132), (.a, 0xD5, 8), (.a, 0x55, -8), (.a, 0xAA, 32256), (.a, 0x2A, -32256), (.a, 0xC5, 264),
        ] as [(G711, UInt8, Int16)])
    func sound(codec: G711, code: UInt8, sample: Int16) { #expect(codec.decode(code) == sample) }

    @Test("A packet, with whatever stands before its sound")
    func packets() throws {
        let packet = RTPPacket(type: 0, marker: true, sequence: 513, timestamp: 70_000, source: 9, payload: [1, 2, 3])
        #expect(RTPPacket(packet.bytes) == packet)
        var bytes = packet.bytes
        bytes[0] = 0x80 | 0x20 | 0x10 | 1
        bytes.insert(contentsOf: [0, 0, 0, 5] + [0, 1, 0, 1, 9, 9, 9, 9], at: 12)
        #expect(RTPPacket(bytes + [0, 2]) == packet)
        for broken in [[], [0x80], Array(packet.bytes.prefix(11)), [0x40] + packet.bytes.dropFirst()] as [[UInt8]] {
            #expect(RTPPacket(broken) == nil)
        }
        bytes[15 + 4] = 200
        #expect(RTPPacket(bytes) == nil)
    }

    @Test("Packets belong where their time says; a new source begins at the end")
    func places() {
        var places = SoundPlace()
        func packet(_ timestamp: UInt32, source: UInt32 = 1) -> RTPPacket {
            RTPPacket(type: 0, sequence: 0, timestamp: timestamp, source: source, payload: [])
        }
        let start = UInt32.max - 100
        #expect(places.place(of: packet(start), after: 0) == 0)
        #expect(places.place(of: packet(start &+ 320), after: 160) == 320)
        #expect(places.place(of: packet(start &+ 160), after: 480) == 160)
        #expect(places.place(of: packet(5, source: 2), after: 480) == 480)
        #expect(places.place(of: packet(165, source: 2), after: 640) == 640)
        #expect(places.place(of: packet(2_000_000, source: 2), after: 800) == 800)
    }

    @Test("A key lasts, ends three times, and is followed by silence")
    func keys() throws {
        var signal = try #require(KeySignal("#", at: 1_000))
        var packets: [RTPPacket?] = []
        while !signal.isOver { packets.append(signal.next(type: 101, sequence: 1, source: 1)) }
        let sent = packets.compactMap { $0 }
        #expect(sent.count == 11)
        #expect(sent.map(\.marker) == [true] + Array(repeating: false, count: 10))
        #expect(sent.allSatisfy { $0.payload[0] == 11 && $0.timestamp == 1_000 })
        #expect(sent.count { $0.payload[1] & 0x80 != 0 } == 3)
        #expect(sent.suffix(4).map { Int($0.payload[2]) << 8 | Int($0.payload[3]) } == [1280, 1280, 1280, 1280])
        #expect(packets.suffix(5).allSatisfy { $0 == nil })
        #expect(KeySignal("A", at: 0) == nil)
    }
}
