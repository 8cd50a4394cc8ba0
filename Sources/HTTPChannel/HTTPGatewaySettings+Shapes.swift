// The shapes of large gateways, by their public documentation (docs/delivery.md says what was checked). They are settings as
// an operator could write them, and begin where he begins: account, sender, the address that receives reports.

extension HTTPGatewaySettings {
    /// A form, basic authentication, a JSON answer: `POST …/2010-04-01/Accounts/{account}/Messages.json`.
    package static func twilioShape(
        base: String = "https://api.twilio.com", account: String, token: GatewaySecret, sender: String,
        callback: String?
    ) -> Self {
        // 21610 and 21612 are of this sender: another provider's may reach the number.
        let codes: [String: AnswerMeaning] = [
            "20003": .account, "20429": .throttled, "21211": .recipient, "21408": .account, "21606": .account,
            "21608": .account, "21610": .rejected, "21612": .rejected, "21614": .recipient,
        ]
        return Self(
            address: "\(base)/2010-04-01/Accounts/\(account)/Messages.json",
            body: .form([
                GatewayPair("To", "{{to}}"), GatewayPair("From", "{{from}}"), GatewayPair("Body", "{{text}}"),
                GatewayPair("ValidityPeriod", "{{seconds}}"), GatewayPair("StatusCallback", "{{callback}}"),
            ]),
            authentication: .basic(user: account, password: token),
            answer: GatewayAnswer(reference: .at(.pointer("/sid")), code: .pointer("/code"), codes: codes),
            sender: sender, callback: callback)
    }

    /// A form with the credentials in it; the answer is always 200, with a status of its own in it: `POST …/sms/json`.
    package static func vonageShape(
        base: String = "https://rest.nexmo.com", key: String, secret: GatewaySecret, sender: String, callback: String?
    ) -> Self {
        // 7 is a list of the provider's own: another may reach the number.
        let codes: [String: AnswerMeaning] = [
            "0": .accepted, "1": .throttled, "2": .rejected, "3": .rejected, "4": .account, "5": .temporary,
            "6": .rejected, "7": .rejected, "8": .account, "9": .account, "10": .throttled, "11": .account,
            "12": .rejected, "14": .account, "15": .account, "22": .rejected, "23": .rejected, "29": .account,
            "33": .recipient,
        ]
        return Self(
            address: "\(base)/sms/json",
            body: .form([
                GatewayPair("api_key", "{{user}}"), GatewayPair("api_secret", "{{password}}"),
                GatewayPair("to", "{{to_digits}}"), GatewayPair("from", "{{from}}"), GatewayPair("text", "{{text}}"),
                GatewayPair("type", "{{alphabet}}"), GatewayPair("ttl", "{{milliseconds}}"),
                GatewayPair("callback", "{{callback}}"), GatewayPair("content-id", "{{template_id}}"),
                GatewayPair("entity-id", "{{entity_id}}"),
            ]),
            authentication: .placeholders(user: key, password: secret),
            answer: GatewayAnswer(
                reference: .at(.pointer("/messages/0/message-id")), code: .pointer("/messages/0/status"), codes: codes),
            sender: sender, callback: callback)
    }

    /// JSON, and a scheme of its own in `Authorization`: `POST https://{account's host}/sms/3/messages`.
    package static func infobipShape(
        base: String, key: GatewaySecret, sender: String, callback: String?
    ) -> Self {
        let body = """
            {"messages": [{"sender": "{{from}}", "destinations": [{"to": "{{to_digits}}"}],
              "content": {"text": "{{text}}"},
              "options": {"validityPeriod": {"amount": "{{#seconds}}", "timeUnit": "SECONDS"},
                "regional": {"indiaDlt": {"contentTemplateId": "{{template_id}}", "principalEntityId": "{{entity_id}}"}}},
              "webhooks": {"delivery": {"url": "{{callback}}"}}}]}
            """
        return Self(
            address: "\(base)/sms/3/messages", headers: [GatewayPair("Accept", "application/json")],
            body: .json(body), authentication: .header(name: "Authorization", value: GatewaySecret("App \(key.text)")),
            answer: GatewayAnswer(
                reference: .at(.pointer("/messages/0/messageId")), code: .pointer("/messages/0/status/groupName"),
                // Undeliverable by the provider's routes: another's may do.
                codes: [
                    "PENDING": .accepted, "DELIVERED": .accepted, "UNDELIVERABLE": .rejected, "EXPIRED": .rejected,
                    "REJECTED": .rejected,
                ]),
            sender: sender, callback: callback)
    }

    /// JSON, a bearer token, a batch of one: `POST …/xms/v1/{service plan}/batches`.
    package static func sinchShape(
        base: String = "https://us.sms.api.sinch.com", servicePlan: String, token: GatewaySecret, sender: String,
        callback: String?
    ) -> Self {
        let body = """
            {"from": "{{from}}", "to": ["{{to_digits}}"], "body": "{{text}}", "expire_at": "{{expires}}",
              "delivery_report": "per_recipient", "callback_url": "{{callback}}"}
            """
        return Self(
            address: "\(base)/xms/v1/\(servicePlan)/batches", body: .json(body), authentication: .bearer(token),
            answer: GatewayAnswer(reference: .at(.pointer("/id"))), sender: sender, callback: callback)
    }

    /// Kannel's smsbox: everything in headers, the text as the body, a plain answer. It gives no id: the callback carries ours.
    ///
    /// - Parameter callback: with `{{id}}` and Kannel's own `%d` in it: `https://…?id={{id}}&status=%d`.
    package static func kannelShape(
        address: String, user: String, password: GatewaySecret, sender: String, callback: String?
    ) -> Self {
        Self(
            address: address,
            headers: [
                GatewayPair("X-Kannel-Username", "{{user}}"), GatewayPair("X-Kannel-Password", "{{password}}"),
                GatewayPair("X-Kannel-From", "{{from}}"), GatewayPair("X-Kannel-To", "{{to}}"),
                GatewayPair("X-Kannel-Coding", "{{alphabet}}"), GatewayPair("X-Kannel-Validity", "{{minutes}}"),
                GatewayPair("X-Kannel-DLR-Mask", "31"), GatewayPair("X-Kannel-DLR-URL", "{{callback}}"),
            ],
            body: .text("{{text}}"), authentication: .placeholders(user: user, password: password),
            answer: GatewayAnswer(
                reference: .ownID(answerBegins: ["0: Accepted for delivery", "3: Queued for later delivery"])),
            sender: sender, callback: callback, alphabets: (gsm: "0", unicode: "2"))
    }
}
