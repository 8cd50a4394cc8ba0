import Channels
import Encodings
import Identifiers
import Testing

@testable import HTTPChannel

/// What each provider would be sent, and what he would answer, by his public documentation.
@Suite("The shapes of large gateways")
struct ShapeTests {
    static let callback = "https://login.example/delivery/a/0123456789abcdef"

    @Test("Twilio's shape")
    func twilio() async throws {
        try await GatewayServer.with(.http("201 Created", #"{"sid":"SM00","status":"queued","error_code":null}"#)) {
            server, port async throws in
            let settings = HTTPGatewaySettings.twilioShape(
                base: "http://127.0.0.1:\(port)", account: "AC123", token: GatewaySecret("token"),
                sender: "+15005550006",
                callback: Self.callback)
            #expect(try await Sample.handOver(settings) == .accepted(reference: "SM00"))
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /2010-04-01/Accounts/AC123/Messages.json HTTP/1.1\r\n"))
            #expect(request.contains("Authorization: Basic QUMxMjM6dG9rZW4=\r\n"))
            #expect(request.contains("Content-Type: application/x-www-form-urlencoded\r\n"))
            let form = try FormURLEncoded.parse(Array(request.split(separator: "\r\n\r\n")[1].utf8))
            #expect(form.names == ["To", "From", "Body", "ValidityPeriod", "StatusCallback"])
            #expect(form["To"] == "+85251234567" && form["ValidityPeriod"] == "600")
            #expect(form["StatusCallback"] == Self.callback)
        }
    }

    @Test("Vonage's shape")
    func vonage() throws {
        let settings = HTTPGatewaySettings.vonageShape(
            key: "key", secret: GatewaySecret("secret"), sender: "Firm", callback: Self.callback)
        let request = try Sample.request(settings, Sample.message("您的驗證碼 384712"))
        #expect(request.address == "https://rest.nexmo.com/sms/json")
        let form = try FormURLEncoded.parse(request.body ?? [])
        #expect(form["api_key"] == "key" && form["api_secret"] == "secret" && form["to"] == "85251234567")
        #expect(form["type"] == "unicode" && form["ttl"] == "600000" && form["callback"] == Self.callback)
        #expect(form["text"] == "您的驗證碼 384712" && form["from"] == "Firm")
    }

    @Test("Infobip's shape")
    func infobip() throws {
        let settings = HTTPGatewaySettings.infobipShape(
            base: "https://x.api.infobip.com", key: GatewaySecret("key"), sender: "Firm", callback: Self.callback)
        let request = try Sample.request(settings, Sample.message("Code"))
        #expect(request.address == "https://x.api.infobip.com/sms/3/messages")
        #expect(request.header("Authorization") == "App key" && request.header("Content-Type") == "application/json")
        let message = try #require(
            JSONPointer(parsing: "/messages/0").value(in: JSONValue(parsing: request.body ?? [])))
        #expect(message["sender"] == "Firm" && message["destinations"] == [["to": "85251234567"]])
        #expect(message["content"] == ["text": "Code"])
        #expect(message["options"] == ["validityPeriod": ["amount": 600, "timeUnit": "SECONDS"]])
        #expect(message["webhooks"] == ["delivery": ["url": .string(Self.callback)]])
        let answer = try PreparedAnswer(settings.answer)
        let body = #"{"messages":[{"messageId":"m-1","status":{"groupId":1,"groupName":"PENDING"}}]}"#
        #expect(answer.outcome(of: .init(status: 200, body: Array(body.utf8)), id: Sample.id).summary == "accepted m-1")
    }

    @Test("Sinch's shape")
    func sinch() throws {
        let settings = HTTPGatewaySettings.sinchShape(
            servicePlan: "plan", token: GatewaySecret("token"), sender: "Firm", callback: nil)
        let request = try Sample.request(settings, Sample.message("Code"))
        #expect(request.address == "https://us.sms.api.sinch.com/xms/v1/plan/batches")
        #expect(request.header("Authorization") == "Bearer token")
        #expect(
            try JSONValue(parsing: request.body ?? []) == [
                "from": "Firm", "to": ["85251234567"], "body": "Code", "expire_at": "2026-11-27T02:10:00.000Z",
                "delivery_report": "per_recipient",
            ])
    }

    @Test("Kannel's shape")
    func kannel() throws {
        let settings = HTTPGatewaySettings.kannelShape(
            address: "http://127.0.0.1:13013/cgi-bin/sendsms", user: "me", password: GatewaySecret("secret"),
            sender: "Firm", callback: Self.callback + "?id={{id}}&status=%d&at=%T")
        let request = try Sample.request(settings, Sample.message("您的驗證碼\n384712"))
        #expect(request.text == "您的驗證碼\n384712" && request.header("Content-Type") == "text/plain; charset=UTF-8")
        #expect(request.header("X-Kannel-Coding") == "2" && request.header("X-Kannel-Validity") == "10")
        #expect(request.header("X-Kannel-Password") == "secret" && request.header("X-Kannel-To") == "+85251234567")
        #expect(request.header("X-Kannel-DLR-URL") == Self.callback + "?id=\(Sample.id.text)&status=%d&at=%T")
    }

    @Test(
        "What is of one sender, list or route leaves the number to the next provider; what is of the number does not",
        arguments: [
            ("twilio", 400, #"{"code": 21610}"#, "refused rejected_content"),
            ("twilio", 400, #"{"code": 21612}"#, "refused rejected_content"),
            ("twilio", 400, #"{"code": 21211}"#, "refused invalid_recipient"),
            ("twilio", 400, #"{"code": 21614}"#, "refused invalid_recipient"),
            ("vonage", 200, #"{"messages": [{"status": "7"}]}"#, "refused rejected_content"),
            ("vonage", 200, #"{"messages": [{"status": "33"}]}"#, "refused invalid_recipient"),
            (
                "infobip", 200, #"{"messages": [{"status": {"groupName": "UNDELIVERABLE"}}]}"#,
                "refused rejected_content"
            ),
        ])
    func failOver(shape: String, status: Int, body: String, summary: String) throws {
        let secret = GatewaySecret("secret")
        let settings: HTTPGatewaySettings =
            switch shape {
            case "twilio": .twilioShape(account: "AC", token: secret, sender: "Firm", callback: nil)
            case "vonage": .vonageShape(key: "key", secret: secret, sender: "Firm", callback: nil)
            default: .infobipShape(base: "https://x.example", key: secret, sender: "Firm", callback: nil)
            }
        let answer = try PreparedAnswer(settings.answer)
        #expect(answer.outcome(of: .init(status: status, body: Array(body.utf8)), id: Sample.id).summary == summary)
    }
}
