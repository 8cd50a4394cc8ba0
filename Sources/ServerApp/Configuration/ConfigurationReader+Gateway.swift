internal import Channels
internal import HTTPChannel
internal import OAuth
internal import Time

/// Gateways over HTTP, in the shapes of the large ones (docs/delivery.md).
extension ConfigurationReader {
    /// - Parameter receiver: the address that the provider reports to.
    mutating func gateway(_ key: String, receiver: String) -> DeliveryConfiguration.Way? {
        guard let shape = self.choice("\(key).shape", GatewayShape.allCases) else {
            if self.source.setting("\(key).shape") == nil {
                self.source.note(
                    "\(key).shape", nil, "is missing",
                    hint: GatewayShape.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return nil
        }
        let (address, account) = (self.text("\(key).address"), self.text("\(key).account"))
        let (secret, sender) = (self.required("\(key).secret"), self.required("\(key).sender"))
        let (token, transport) = (self.text("\(key).receipt_secret"), self.transport(key))
        guard let secret, let sender else { return nil }
        let given = GivenGateway(
            address: address, account: account, secret: GatewaySecret(secret), sender: sender,
            receiptSecret: token.map { GatewaySecret($0) }, callback: receiver)
        guard case .http(var settings, let receipts)? = self.way(shape, key, given) else { return nil }
        settings.transport = transport
        // Without an issuer there is nothing to report to, which is said already.
        guard receiver.hasPrefix("http") else { return nil }
        do {
            try settings.check()
            try receipts?.check()
        } catch GatewaySettingsError.malformedCallback {
            // It holds the secret.
            self.source.note("\(key).receipt_secret", nil, "cannot stand in an address", hint: "letters and digits")
            return nil
        } catch {
            self.source.note(key, nil, "cannot be used: \(error)", hint: "see docs/delivery.md")
            return nil
        }
        return .http(settings, receipts: receipts)
    }

    private mutating func way(
        _ shape: GatewayShape, _ key: String, _ given: GivenGateway
    ) -> DeliveryConfiguration.Way? {
        guard shape != .own else { return self.ownGateway(key, given) }
        let way = given.way(shape)
        if way == nil {
            self.source.note(key, nil, "lacks account or address for this shape", hint: "see docs/delivery.md")
        }
        return way
    }

    private mutating func transport(_ key: String) -> GatewayTransport {
        var transport = GatewayTransport()
        transport.certificateAuthority = self.text("\(key).ca_file")
        transport.allowsPlainHTTP = self.flag("\(key).plain") ?? false
        self.set(&transport.connections, "\(key).connections", 1...100)
        if let limit = self.integer("\(key).time_limit_milliseconds", 500...10_000) {
            transport.totalTimeout = .milliseconds(Int64(limit))
            transport.connectTimeout = min(transport.connectTimeout, transport.totalTimeout)
        }
        return transport
    }
}

enum GatewayShape: String, CaseIterable {
    case twilio, vonage, infobip, sinch, kannel
    /// Plain JSON with basic authentication: the carrier simulator's, and easy to build a bridge for.
    case json
    /// As the configuration says itself.
    case own
}

struct GivenGateway {
    let address: String?
    let account: String?
    let secret: GatewaySecret
    let sender: String
    let receiptSecret: GatewaySecret?
    /// For providers that are known by a signature or a password.
    let callback: String

    /// Known by a token in the path.
    var secretCallback: String? { self.receiptSecret.map { "\(self.callback)/\($0.text)" } }

    func way(_ shape: GatewayShape) -> DeliveryConfiguration.Way? {
        switch shape {
        case .twilio: self.twilio
        case .vonage: self.vonage
        case .infobip: self.infobip
        case .sinch: self.sinch
        case .kannel: self.kannel
        case .json: self.json
        case .own: nil
        }
    }

    private var twilio: DeliveryConfiguration.Way? {
        guard let account else { return nil }
        let settings = HTTPGatewaySettings.twilioShape(
            base: self.address ?? "https://api.twilio.com", account: account, token: self.secret, sender: self.sender,
            callback: self.callback)
        return .http(settings, receipts: .twilioShape(token: self.secret))
    }

    private var vonage: DeliveryConfiguration.Way? {
        guard let account else { return nil }
        let settings = HTTPGatewaySettings.vonageShape(
            base: self.address ?? "https://rest.nexmo.com", key: account, secret: self.secret, sender: self.sender,
            callback: self.secretCallback)
        return .http(settings, receipts: self.receiptSecret.map { .vonageShape(pathToken: $0) })
    }

    private var infobip: DeliveryConfiguration.Way? {
        guard let address else { return nil }
        let settings = HTTPGatewaySettings.infobipShape(
            base: address, key: self.secret, sender: self.sender, callback: self.secretCallback)
        return .http(settings, receipts: self.receiptSecret.map { .infobipShape(pathToken: $0) })
    }

    private var sinch: DeliveryConfiguration.Way? {
        guard let account else { return nil }
        let settings = HTTPGatewaySettings.sinchShape(
            base: self.address ?? "https://us.sms.api.sinch.com", servicePlan: account, token: self.secret,
            sender: self.sender, callback: self.receiptSecret == nil ? nil : self.callback)
        return .http(settings, receipts: self.receiptSecret.map { .sinchShape(user: account, password: $0) })
    }

    private var kannel: DeliveryConfiguration.Way? {
        guard let address, let account else { return nil }
        let settings = HTTPGatewaySettings.kannelShape(
            address: address, user: account, password: self.secret, sender: self.sender,
            callback: self.secretCallback.map { "\($0)?id={{id}}&status=%d&at=%T" })
        return .http(settings, receipts: self.receiptSecret.map { .kannelShape(pathToken: $0) })
    }

    private var json: DeliveryConfiguration.Way? {
        guard let address, let account else { return nil }
        let body = """
            {"id": "{{id}}", "to": "{{to}}", "from": "{{from}}", "text": "{{text}}", "callback": "{{callback}}",
              "validity_seconds": "{{#seconds}}", "template_id": "{{template_id}}", "entity_id": "{{entity_id}}"}
            """
        let settings = HTTPGatewaySettings(
            address: address, body: .json(body), authentication: .basic(user: account, password: self.secret),
            answer: GatewayAnswer(reference: .at(.pointer("/id"))), sender: self.sender,
            callback: self.receiptSecret == nil ? nil : self.callback)
        return .http(settings, receipts: self.receiptSecret.map(Self.receipts))
    }

    private static func receipts(_ secret: GatewaySecret) -> ReceiptSettings {
        ReceiptSettings(
            form: .json(items: nil), reference: "/id", status: "/status", code: "/code",
            time: ReceiptSettings.TimePlace("/at", .rfc3339),
            statuses: [
                "buffered": .buffered, "delivered": .delivered, "undeliverable": .undeliverable, "expired": .expired,
                "rejected": .rejected,
            ],
            proof: .signature(
                ReceiptSignature(secret: secret, header: "X-Carrier-Signature", encoding: .hex, prefix: "sha256=")))
    }
}
