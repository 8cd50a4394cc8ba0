import Channels
import Encodings
import Identifiers
import Testing
import Time

@testable import HTTPChannel

@Suite("A gateway's answers")
struct GatewayAnswerTests {
    private static func outcome(
        _ answer: GatewayAnswer, _ status: Int, _ body: String?, retryAfter: Span? = nil
    ) throws -> HandOver {
        let reply = GatewayReply(status: status, retryAfter: retryAfter, body: body.map { Array($0.utf8) })
        return try PreparedAnswer(answer).outcome(of: reply, id: Sample.id)
    }

    @Test(
        "By status",
        arguments: [
            (200, #"{"id":"abc"}"#, "accepted abc"), (201, #"{"id":17}"#, "accepted 17"),
            (200, #"{"id":""}"#, "unanswered malformed_answer"), (200, #"{"id":null}"#, "unanswered malformed_answer"),
            (200, #"{"id":{}}"#, "unanswered malformed_answer"), (200, #"{"id":"a b"}"#, "unanswered malformed_answer"),
            (200, #"{"id":"é"}"#, "unanswered malformed_answer"), (200, "", "unanswered malformed_answer"),
            (200, "<html>Sign in to this Wi-Fi</html>", "unanswered malformed_answer"),
            (204, "", "unanswered malformed_answer"), (200, "[]", "unanswered malformed_answer"),
            (301, "", "refused provider_fault"), (307, #"{"id":"abc"}"#, "refused provider_fault"),
            (400, "", "refused rejected_content"), (404, "x", "refused rejected_content"),
            (401, "", "refused account"), (402, "", "refused account"), (403, #"{"id":"abc"}"#, "refused account"),
            (408, "", "postponed provider_fault"), (429, "", "postponed throttled"),
            (500, #"{"id":"abc"}"#, "unanswered provider_fault"), (502, "", "unanswered provider_fault"),
            (503, "", "postponed provider_fault"), (504, "", "unanswered timed_out"),
            (599, "", "unanswered provider_fault"), (600, "", "unanswered malformed_answer"),
        ])
    func statuses(status: Int, body: String, expected: String) throws {
        let answer = GatewayAnswer(reference: .at(.pointer("/id")))
        #expect(try Self.outcome(answer, status, body).summary == expected)
    }

    @Test("A reference of more than 128 bytes is none")
    func longReference() throws {
        let answer = GatewayAnswer(reference: .at(.pointer("/id")))
        let body = { (length: Int) in #"{"id":"\#(String(repeating: "a", count: length))"}"# }
        #expect(try Self.outcome(answer, 200, body(128)).summary.hasPrefix("accepted"))
        #expect(try Self.outcome(answer, 200, body(129)).summary == "unanswered malformed_answer")
    }

    @Test("A body that broke off is no answer, but its status may be one")
    func noBody() throws {
        for reference in [GatewayAnswer.Reference.at(.pointer("/id")), .ownID(answerBegins: [""])] {
            let answer = GatewayAnswer(reference: reference)
            #expect(try Self.outcome(answer, 200, nil).summary == "unanswered malformed_answer")
            #expect(try Self.outcome(answer, 503, nil).summary == "postponed provider_fault")
        }
    }

    @Test(
        "By the provider's code, which comes before the status",
        arguments: [
            (200, "0", "accepted abc"), (200, "1", "postponed throttled"), (200, "2", "refused rejected_content"),
            (200, "4", "refused account"), (200, "5", "postponed provider_fault"),
            (200, "7", "refused rejected_content"), (200, "33", "refused invalid_recipient"),
            (200, "99", "unanswered malformed_answer"), (500, "7", "refused rejected_content"),
            (500, "99", "unanswered provider_fault"), (500, "5", "postponed provider_fault"),
            (500, "0", "unanswered malformed_answer"),
            (429, "7", "postponed throttled"),
        ])
    func codes(status: Int, code: String, expected: String) throws {
        let answer = HTTPGatewaySettings.vonageShape(
            key: "k", secret: Sample.secret, sender: "Firm", callback: nil
        ).answer
        let body = #"{"message-count":"1","messages":[{"message-id":"abc","status":"\#(code)"}]}"#
        #expect(try Self.outcome(answer, status, body).summary == expected)
    }

    @Test("A code that is absent from a good answer takes nothing from it")
    func absentCode() throws {
        let answer = HTTPGatewaySettings.twilioShape(
            account: "AC1", token: Sample.secret, sender: "Firm", callback: nil
        ).answer
        #expect(try Self.outcome(answer, 201, #"{"sid":"SM1","error_code":null}"#).summary == "accepted SM1")
        let refused = try Self.outcome(answer, 400, #"{"code":21211,"message":"'To' +85251234567 is not valid"}"#)
        #expect(refused == .refused(DeliveryFault(.invalidRecipient, "status 400 code 21211")))
        #expect(try Self.outcome(answer, 400, #"{"code":20003}"#).summary == "refused account")
        #expect(try Self.outcome(answer, 400, #"{"code":1}"#).summary == "refused rejected_content")
    }

    @Test("Statuses that mean something else here")
    func ownStatuses() throws {
        let answer = GatewayAnswer(
            reference: .at(.pointer("/id")),
            statuses: [404: .recipient, 200: .temporary, 202: .accepted, 500: .accepted, 502: .temporary])
        #expect(try Self.outcome(answer, 404, "").summary == "refused invalid_recipient")
        #expect(try Self.outcome(answer, 200, #"{"id":"abc"}"#).summary == "postponed provider_fault")
        #expect(try Self.outcome(answer, 202, #"{"id":"abc"}"#).summary == "accepted abc")
        #expect(try Self.outcome(answer, 500, #"{"id":"abc"}"#).summary == "unanswered malformed_answer")
        #expect(try Self.outcome(answer, 502, "").summary == "postponed provider_fault", "certainly not taken")
    }

    @Test("Plain texts: what follows a prefix, or nothing but the beginning")
    func plain() throws {
        let ok = GatewayAnswer(
            reference: .at(.afterPrefix("OK: ")), code: .afterPrefix("ERR: "), codes: ["105": .recipient])
        #expect(try Self.outcome(ok, 200, "OK: m-17\r\nrest").summary == "accepted m-17")
        #expect(try Self.outcome(ok, 200, "ERR: 105").summary == "refused invalid_recipient")
        #expect(try Self.outcome(ok, 200, "OK: ").summary == "unanswered malformed_answer")
        #expect(try Self.outcome(ok, 200, " OK: m-17").summary == "unanswered malformed_answer")
        let own = GatewayAnswer(reference: .ownID(answerBegins: ["0: ", "3: "]))
        #expect(try Self.outcome(own, 202, "3: Queued").summary == "accepted \(Sample.id.text)")
        #expect(try Self.outcome(own, 202, "<html>").summary == "unanswered malformed_answer")
        let none = GatewayAnswer(reference: .none(answerBegins: ["sent"]))
        #expect(try Self.outcome(none, 200, "sent").summary == "accepted -")
        #expect(try Self.outcome(none, 200, "").summary == "unanswered malformed_answer")
    }

    @Test(
        "Of the provider's words only a code is shown, and nothing that could be a number or a code of ours",
        arguments: [
            ("21211", "status 400 code 21211"), ("INVALID_TO", "status 400 code INVALID_TO"), ("384712", "status 400"),
            ("to:85251234567", "status 400"), ("your code is 3847", "status 400"), ("é", "status 400"),
            ("", "status 400"),
            (String(repeating: "x", count: 41), "status 400"), ("a\\nb", "status 400"),
        ])
    func words(code: String, expected: String) throws {
        let answer = GatewayAnswer(reference: .at(.pointer("/id")), code: .pointer("/code"))
        #expect(try Self.outcome(answer, 400, #"{"code":"\#(code)"}"#).detail == expected)
    }

    @Test(
        "Retry-After, as seconds or as a date",
        arguments: [
            ("0", 0), ("120", 120_000), ("999999999", 3_600_000), ("1000000000000", nil), ("-1", nil), ("+5", nil),
            ("1.5", nil), ("", nil), ("soon", nil), ("Fri, 27 Nov 2026 02:01:00 GMT", 60_000),
            ("Fri, 27 Nov 2026 01:00:00 GMT", 0), ("Fri, 27 Nov 2027 02:00:00 GMT", 3_600_000),
            ("Fri, 31 Feb 2026 02:00:00 GMT", nil), ("Friday, 27-Nov-26 02:01:00 GMT", nil),
        ] as [(String, Int64?)])
    func retryAfter(text: String, expected: Int64?) {
        #expect(RetryAfter.span(text, at: Sample.now)?.milliseconds == expected)
    }

    @Test("It goes with whatever may be tried again")
    func waits() throws {
        let answer = GatewayAnswer(reference: .at(.pointer("/id")), code: .pointer("/c"), codes: ["1": .throttled])
        #expect(try Self.outcome(answer, 429, "", retryAfter: .seconds(7)).summary == "postponed throttled 7000")
        #expect(try Self.outcome(answer, 503, "", retryAfter: .seconds(7)).summary == "postponed provider_fault 7000")
        #expect(
            try Self.outcome(answer, 200, #"{"c":1}"#, retryAfter: .seconds(7)).summary == "postponed throttled 7000")
    }
}
