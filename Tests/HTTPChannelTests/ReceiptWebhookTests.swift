import Channels
import Crypto
import Encodings
import Identifiers
import Testing
import Time

@testable import HTTPChannel

@Suite("Receipts by webhook")
struct ReceiptWebhookTests {
    static let token = GatewaySecret("0123456789abcdef0123456789abcdef")
    static let address = "https://login.example/delivery/a/0123456789abcdef0123456789abcdef"

    private static func request(
        _ method: String = "POST", _ address: String = address, headers: [(name: String, value: String)] = [],
        _ body: String = ""
    ) -> WebhookRequest {
        WebhookRequest(method: method, address: address, headers: headers, body: Array(body.utf8))
    }

    /// Signs as Twilio documents it.
    private static func signed(_ form: String, _ fields: String, address: String = address) -> WebhookRequest {
        let key = SymmetricKey(data: Array(Self.token.text.utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array((address + fields).utf8), using: key)
        return Self.request("POST", address, headers: [("x-twilio-signature", Base64.encode(Array(code)))], form)
    }

    @Test("The vector of Twilio's documentation")
    func vector() throws {
        let signature = ReceiptSignature(
            algorithm: .sha1, secret: GatewaySecret("12345"), header: "X-Twilio-Signature", encoding: .base64,
            signed: [.address, .sortedFields])
        let body = "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212"
        let request = Self.request(
            "POST", "https://mycompany.com/myapp.php?foo=1&bar=2",
            headers: [("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")], body)
        #expect(signature.holds(for: request, form: try FormURLEncoded.parse(request.body)))
    }

    @Test(
        "Twilio's shape, and every word of it",
        arguments: [
            ("queued", DeliveryProgress.underWay), ("sent", .underWay), ("delivered", .delivered),
            ("DELIVERED", .delivered),
            ("undelivered", .undeliverable), ("failed", .rejected), ("levitating", .unknown),
        ])
    func twilio(word: String, progress: DeliveryProgress) throws {
        let webhook = try ReceiptWebhook(.twilioShape(token: Self.token))
        let request = Self.signed(
            "MessageStatus=\(word)&MessageSid=SM1&ErrorCode=30003&Body=your+code+is+384712&To=%2B85251234567",
            "Bodyyour code is 384712ErrorCode30003MessageSidSM1MessageStatus\(word)To+85251234567")
        let reports = try webhook.reports(in: request)
        #expect(
            reports == [DeliveryReport(reference: "SM1", progress: progress, detail: "status:\(word) code:30003")])
        for echoed in ["384712", "51234567"] { #expect(!"\(reports)".contains(echoed)) }
    }

    @Test("Infobip's shape: many in one, with times")
    func infobip() throws {
        let webhook = try ReceiptWebhook(.infobipShape(pathToken: Self.token))
        let body = """
            {"results":[
             {"messageId":"m-1","to":"85251234567","doneAt":"2026-11-27T02:00:00.250+0000",
              "status":{"groupId":3,"groupName":"DELIVERED"},"error":{"name":"NO_ERROR"}},
             {"messageId":"m-2","doneAt":"2026-11-27T10:00:00.250+0800","status":{"groupName":"UNDELIVERABLE"}},
             {"messageId":"m-3","doneAt":"yesterday","status":{"groupName":"PENDING"}}]}
            """
        let at = Sample.now + .milliseconds(250)
        #expect(
            try webhook.reports(in: Self.request("POST", Self.address, body)) == [
                DeliveryReport(
                    reference: "m-1", progress: .delivered, detail: "status:DELIVERED code:NO_ERROR", at: at),
                DeliveryReport(reference: "m-2", progress: .undeliverable, detail: "status:UNDELIVERABLE", at: at),
                DeliveryReport(reference: "m-3", progress: .underWay, detail: "status:PENDING"),
            ])
        #expect(try webhook.reports(in: Self.request("POST", Self.address, #"{"results":[]}"#)).isEmpty)
    }

    @Test("Vonage's, Sinch's and Kannel's shapes")
    func others() throws {
        let vonage = #"{"msisdn":"85251234567","messageId":"m-1","status":"expired","err-code":"4"}"#
        #expect(
            try ReceiptWebhook(.vonageShape(pathToken: Self.token)).reports(
                in: Self.request("POST", Self.address, vonage))
                == [DeliveryReport(reference: "m-1", progress: .expired, detail: "status:expired code:4")])
        let sinch = """
            {"type":"recipient_delivery_report_sms","batch_id":"b-1","recipient":"85251234567","code":0,
             "status":"Delivered","at":"2026-11-27T02:00:00Z"}
            """
        let basic = [(name: "authorization", value: "Basic " + Base64.encode("sinch:\(Self.token.text)".utf8))]
        #expect(
            try ReceiptWebhook(.sinchShape(user: "sinch", password: Self.token))
                .reports(in: Self.request("POST", Self.address, headers: basic, sinch)) == [
                    DeliveryReport(
                        reference: "b-1", progress: .delivered, detail: "status:Delivered code:0", at: Sample.now)
                ])
        let kannel = Self.address + "?id=\(Sample.id.text)&status=2&at=1795744800"
        #expect(
            try ReceiptWebhook(.kannelShape(pathToken: Self.token)).reports(in: Self.request("GET", kannel)) == [
                DeliveryReport(
                    reference: Sample.id.text, progress: .undeliverable, detail: "status:2", at: Sample.now)
            ])
    }

    @Test("A signature over the body, in hexadecimal, and over several parts")
    func signatures() throws {
        let body = #"{"messageId":"m-1","status":"delivered"}"#
        let key = SymmetricKey(data: Array(Self.token.text.utf8))
        var settings = ReceiptSettings.vonageShape(pathToken: Self.token)
        settings.proof = .signature(
            ReceiptSignature(secret: Self.token, header: "X-Signature", encoding: .hex, prefix: "sha256="))
        let code = Hexadecimal.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: key)))
        for given in ["sha256=" + code, "sha256=" + code.uppercased()] {
            let request = Self.request("POST", Self.address, headers: [("X-Signature", given)], body)
            #expect(try ReceiptWebhook(settings).reports(in: request).count == 1)
        }
        settings.proof = .signature(
            ReceiptSignature(
                secret: Self.token, header: "x-sig", encoding: .base64,
                signed: [.body, .literal("."), .header("x-nonce"), .literal("."), .header("x-time")]))
        let parts = HMAC<SHA256>.authenticationCode(for: Array("\(body).n1.1700000000".utf8), using: key)
        let headers = [("x-sig", Base64.encode(Array(parts))), ("x-nonce", "n1"), ("x-time", "1700000000")]
        #expect(
            try ReceiptWebhook(settings).reports(in: Self.request("POST", Self.address, headers: headers, body)).count
                == 1)
        let without = Self.request("POST", Self.address, headers: Array(headers.dropLast()), body)
        #expect(throws: ReceiptError.forged) { try ReceiptWebhook(settings).reports(in: without) }
    }

    @Test("Forged signatures")
    func forged() throws {
        let webhook = try ReceiptWebhook(.twilioShape(token: Self.token))
        let (form, fields) = ("MessageSid=SM1&MessageStatus=delivered", "MessageSidSM1MessageStatusdelivered")
        #expect(try webhook.reports(in: Self.signed(form, fields)).count == 1)
        let signature = Self.signed(form, fields).headers[0].value
        let header = { (values: [String]) in values.map { (name: "X-Twilio-Signature", value: $0) } }
        let forged: [WebhookRequest] = [
            Self.request("POST", Self.address, form),
            Self.request("POST", Self.address, headers: header([""]), form),
            Self.request("POST", Self.address, headers: header([String(signature.dropLast(4)) + "AAA="]), form),
            Self.request("POST", Self.address, headers: header([String(signature.dropLast(4))]), form),
            Self.request("POST", Self.address, headers: header([signature, signature]), form),
            Self.request("POST", Self.address, headers: header([signature]), form + "&x=1"),
            Self.request("POST", Self.address, headers: header([signature]), "MessageSid=SM2&MessageStatus=delivered"),
            Self.request("POST", Self.address, headers: header([signature]), "MessageSid=SM1&MessageStatus=failed"),
            Self.request("POST", Self.address + "?a=b", headers: header([signature]), form),
            // The same bytes, cut elsewhere: fields that repeat are no form at all.
            Self.request("POST", Self.address, headers: header([signature]), form + "&MessageSid=SM1"),
        ]
        for (number, request) in forged.enumerated() {
            #expect(throws: ReceiptError.forged, "\(number)") { try webhook.reports(in: request) }
        }
    }

    @Test("Forged tokens and passwords")
    func forgedSecrets() throws {
        let body = #"{"messageId":"m-1","status":"delivered"}"#
        let vonage = try ReceiptWebhook(.vonageShape(pathToken: Self.token))
        for address in [
            "https://login.example/delivery/a/", "https://login.example/delivery/a", Self.address + "0",
            Self.address + "/x", String(Self.address.dropLast()), Self.address.uppercased(),
            "https://login.example/x?a=/\(Self.token.text)", "https://login.example/x#/\(Self.token.text)", "",
        ] {
            #expect(throws: ReceiptError.forged) { try vonage.reports(in: Self.request("POST", address, body)) }
        }
        let sinch = try ReceiptWebhook(.sinchShape(user: "sinch", password: Self.token))
        for given in ["", "Basic", "Basic " + Base64.encode("sinch:wrong".utf8), "Bearer " + Self.token.text] {
            let request = Self.request("POST", Self.address, headers: [("Authorization", given)], body)
            #expect(throws: ReceiptError.forged) { try sinch.reports(in: request) }
        }
        #expect(throws: ReceiptError.forged) { try sinch.reports(in: Self.request("POST", Self.address, body)) }
    }

    @Test(
        "Genuine, but not to be read",
        arguments: [
            ("", .malformed), ("[", .malformed), ("{}", .missing("/results")),
            (#"{"results":{}}"#, .missing("/results")),
            (#"{"results":[{}]}"#, .missing("/messageId")), (#"{"results":[7]}"#, .missing("/messageId")),
            (#"{"results":[{"messageId":""}]}"#, .missing("/messageId")),
            (#"{"results":[{"messageId":"m-1"}]}"#, .missing("/status/groupName")),
            (#"{"results":[{"messageId":["m-1"],"status":{"groupName":"A"}}]}"#, .missing("/messageId")),
        ] as [(String, ReceiptError)])
    func unreadable(body: String, error: ReceiptError) throws {
        let webhook = try ReceiptWebhook(.infobipShape(pathToken: Self.token))
        #expect(throws: error) { try webhook.reports(in: Self.request("POST", Self.address, body)) }
    }

    @Test("Bounds")
    func bounds() throws {
        let webhook = try ReceiptWebhook(.infobipShape(pathToken: Self.token))
        let report = #"{"messageId":"m","status":{"groupName":"PENDING"}}"#
        let body = { (count: Int) in "{\"results\":[\(Array(repeating: report, count: count).joined(separator: ","))]}"
        }
        #expect(try webhook.reports(in: Self.request("POST", Self.address, body(1000))).count == 1000)
        #expect(throws: ReceiptError.tooMany) {
            try webhook.reports(in: Self.request("POST", Self.address, body(1001)))
        }
        let long = String(repeating: " ", count: ReceiptWebhook.longestBody + 1)
        #expect(throws: ReceiptError.tooLong) { try webhook.reports(in: Self.request("POST", Self.address, long)) }
        #expect(throws: ReceiptError.wrongMethod) {
            try webhook.reports(in: Self.request("PUT", Self.address, body(1)))
        }
        #expect(throws: ReceiptError.forged) {
            try webhook.reports(in: Self.request("PUT", "https://x.example/", body(1)))
        }
    }

    @Test("Settings that would believe anybody are refused")
    func weak() {
        let short = GatewaySecret("0123456789abcde")
        #expect(throws: ReceiptSettingsError.weakSecret) { try ReceiptWebhook(.vonageShape(pathToken: short)) }
        #expect(throws: ReceiptSettingsError.weakSecret) { try ReceiptWebhook(.twilioShape(token: short)) }
        #expect(throws: ReceiptSettingsError.weakSecret) { try ReceiptWebhook(.sinchShape(user: "a", password: short)) }
        var settings = ReceiptSettings.vonageShape(pathToken: Self.token)
        settings.proof = .signature(
            ReceiptSignature(secret: Self.token, header: "X", encoding: .hex, signed: [.address, .header("X-Nonce")]))
        #expect(throws: ReceiptSettingsError.signatureCoversNothing) { try ReceiptWebhook(settings) }
        settings = .vonageShape(pathToken: Self.token)
        settings.reference = "messageId"
        #expect(throws: ReceiptSettingsError.malformedPointer("messageId")) { try ReceiptWebhook(settings) }
        settings = .kannelShape(pathToken: Self.token)
        settings.method = "TRACE"
        #expect(throws: ReceiptSettingsError.malformedMethod("TRACE")) { try ReceiptWebhook(settings) }
    }
}
