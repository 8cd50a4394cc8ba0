import Testing
import Time

@testable import SMPP

@Suite("SMPP: addresses and times")
struct AddressAndTimeTests {
    @Test(
        "Senders",
        arguments: [
            ("+886912345678", .international, .isdn, "886912345678"), ("+1234567", .international, .isdn, "1234567"),
            ("123", .networkSpecific, .unknown, "123"), ("12345678", .networkSpecific, .unknown, "12345678"),
            ("Acme", .alphanumeric, .unknown, "Acme"), ("Acme Bank 1", .alphanumeric, .unknown, "Acme Bank 1"),
        ] as [(String, NumberType, NumberingPlan, String)])
    func sender(text: String, type: NumberType, plan: NumberingPlan, address: String) {
        #expect(SMPPAddress(sender: text) == SMPPAddress(type: type, plan: plan, text: address))
    }

    @Test(
        "Refused senders",
        arguments: [
            "", "12", "123456789", "Acme Bank 12", "Zoë", "Acme\n", "a`b", " Acme", "Acme ", "+", "+12a4567", "[Acme]",
            "１２３４",
        ])
    func refusedSender(text: String) { #expect(SMPPAddress(sender: text) == nil) }

    @Test(
        "Refused numbers",
        arguments: [
            "886912345678", "+123456", "+1234567890123456", "+0123456789", "+12 345678", "++1234567", "", "+٣٣٣٣٣٣٣٣",
        ])
    func refusedNumber(text: String) { #expect(SMPPAddress(e164: text) == nil) }

    @Test(
        "Validity",
        arguments: [
            (600_000, .relative, "000000001000000R"), (570_999, .relative, "000000000930000R"),
            (1000, .relative, "000000000001000R"), (90_061_000, .relative, "000001010101000R"),
            (Span.days(400).milliseconds, .relative, "000030000000000R"), (999, .relative, nil), (0, .relative, nil),
            (-1, .relative, nil), (600_000, .absolute, "260131094000200+"), (999, .absolute, nil),
        ] as [(Int64, MessageTime.Form, String?)])
    func validity(milliseconds: Int64, form: MessageTime.Form, text: String?) throws {
        let now = try #require(Instant(rfc3339: "2026-01-31T09:30:00.250Z"))
        let end = now + .milliseconds(milliseconds)
        #expect(MessageTime.remaining(until: end, from: now, as: form)?.text == text)
    }

    @Test(
        "Times that are read (section 7.1.1)",
        arguments: [
            ("000000000930000R", .after(.seconds(570))), ("000099235959000R", .after(.seconds(8_639_999))),
            ("260131094000200+", Instant(rfc3339: "2026-01-31T09:40:00.2Z").map(MessageTime.at)),
            ("260131174000032+", Instant(rfc3339: "2026-01-31T09:40:00Z").map(MessageTime.at)),
            ("260131044000020-", Instant(rfc3339: "2026-01-31T09:40:00Z").map(MessageTime.at)),
        ] as [(String, MessageTime?)])
    func read(text: String, time: MessageTime?) throws {
        #expect(MessageTime(parsing: text) == time)
        #expect(time != nil)
    }

    @Test(
        "Refused times",
        arguments: [
            "020610233429000R",  // the specification's example, with years and months: how long is a month?
            "000000240000000R", "000000006000000R", "000000000060000R", "000000000930100R", "000000000930001R",
            "260231094000000+", "261301094000000+", "260131094000049+", "260131094000000X", "26013109400000+",
            "2601310940000000+", "+60131094000000+", "26013109400000٣+",
        ])
    func refused(text: String) { #expect(MessageTime(parsing: text) == nil) }
}
