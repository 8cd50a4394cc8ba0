internal import Channels

// The reports of the same gateways, by their public documentation.

extension ReceiptSettings {
    /// A form, signed with the account's token over the address and the sorted fields.
    package static func twilioShape(token: GatewaySecret) -> Self {
        Self(
            form: .formBody, reference: "MessageSid", status: "MessageStatus", code: "ErrorCode",
            statuses: [
                "accepted": .underWay, "scheduled": .underWay, "queued": .underWay, "sending": .underWay,
                "sent": .underWay, "delivered": .delivered, "undelivered": .undeliverable, "failed": .rejected,
            ],
            proof: .signature(
                ReceiptSignature(
                    algorithm: .sha1, secret: token, header: "X-Twilio-Signature", encoding: .base64,
                    signed: [.address, .sortedFields])))
    }

    /// JSON, one report a request; known by a token in the path.
    package static func vonageShape(pathToken: GatewaySecret) -> Self {
        Self(
            form: .json(items: nil), reference: "/messageId", status: "/status", code: "/err-code",
            statuses: [
                "delivered": .delivered, "expired": .expired, "failed": .undeliverable, "rejected": .rejected,
                "accepted": .underWay, "buffered": .buffered,
            ],
            proof: .pathToken(pathToken))
    }

    /// JSON, many reports a request; known by a token in the path.
    package static func infobipShape(pathToken: GatewaySecret) -> Self {
        Self(
            form: .json(items: "/results"), reference: "/messageId", status: "/status/groupName",
            code: "/error/name", time: TimePlace("/doneAt", .rfc3339),
            statuses: [
                "PENDING": .underWay, "DELIVERED": .delivered, "UNDELIVERABLE": .undeliverable, "EXPIRED": .expired,
                "REJECTED": .rejected,
            ],
            proof: .pathToken(pathToken))
    }

    /// JSON, one recipient's report a request; known by basic authentication, which the provider sets up on request.
    package static func sinchShape(user: String, password: GatewaySecret) -> Self {
        Self(
            form: .json(items: nil), reference: "/batch_id", status: "/status", code: "/code",
            time: TimePlace("/at", .rfc3339),
            statuses: [
                "Queued": .underWay, "Dispatched": .underWay, "Delivered": .delivered, "Expired": .expired,
                "Failed": .undeliverable, "Deleted": .undeliverable, "Aborted": .rejected, "Rejected": .rejected,
                "Cancelled": .rejected,
            ],
            proof: .basic(user: user, password: password))
    }

    /// A GET with what the callback asked for: `…/{token}?id={{id}}&status=%d&at=%T`.
    package static func kannelShape(pathToken: GatewaySecret) -> Self {
        Self(
            method: "GET", form: .query, reference: "id", status: "status", time: TimePlace("at", .unixSeconds),
            statuses: [
                "1": .delivered, "2": .undeliverable, "4": .underWay, "8": .underWay, "16": .rejected,
            ],
            proof: .pathToken(pathToken))
    }
}
