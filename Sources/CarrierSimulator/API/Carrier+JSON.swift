import Encodings
import Time

extension Carrier {
    var faultsJSON: JSONValue {
        let ways = Way.allCases.map { JSONValue.Member($0.rawValue, self.faults(of: $0).json) }
        let phones = self.phonesByTime.map {
            JSONValue.Member($0.number.text, ["mode": .string($0.mode.rawValue)])
        }
        return ["ways": .object(ways), "phones": .object(phones)]
    }

    /// The newest first.
    var phonesJSON: JSONValue {
        .array(
            self.phonesByTime.map { phone in
                [
                    "number": .string(phone.number.text), "mode": .string(phone.mode.rawValue),
                    "messages": .integer(Int64(self.texts(on: phone.number).count)),
                    "calls": .integer(Int64(self.calls.count { $0.to == phone.number })),
                ]
            })
    }

    /// What the telephone shows, the oldest first.
    func texts(on number: PhoneNumber) -> [TextMessage] {
        self.texts.filter { $0.submission.to == number && $0.state == .delivered }
    }
}

extension TextMessage {
    var json: JSONValue {
        .object(omittingAbsent: [
            "id": .string(self.reference), "way": .string(self.submission.way.rawValue),
            "to": .string(self.submission.to.text), "from": .string(self.submission.from),
            "text": .string(self.submission.text), "code": self.code.map { .string($0) },
            "parts": .integer(Int64(self.submission.parts)), "state": .string(self.state.rawValue),
            "received_at": .string(self.received.rfc3339), "arrived_at": self.arrived.map { .string($0.rfc3339) },
            "expires_at": self.submission.expires.map { .string($0.rfc3339) },
            "receipts": .array(
                self.receipts.map { ["status": .string($0.status.rawValue), "at": .string($0.at.rfc3339)] }),
        ])
    }
}

extension ReceivedMail {
    var json: JSONValue {
        .object(omittingAbsent: [
            "id": .integer(Int64(self.number)), "from": .string(self.from),
            "to": .array(self.to.map(JSONValue.string)), "subject": .string(self.subject),
            "language": self.language.map(JSONValue.string), "text": .string(self.text),
            "received_at": .string(self.received.rfc3339),
        ])
    }
}

extension PhoneCall {
    var json: JSONValue {
        var (ending, ended): (String?, Instant?) = (nil, nil)
        if case .over(let how, let when) = self.state { (ending, ended) = (how.rawValue, when) }
        return .object(omittingAbsent: [
            "id": .integer(Int64(self.number)), "to": .string(self.to.text), "from": .string(self.from),
            "state": .string(self.state.name), "ending": ending.map { .string($0) }, "keys": .string(self.keys),
            "started_at": .string(self.started.rfc3339), "answered_at": self.answeredAt.map { .string($0.rfc3339) },
            "ended_at": ended.map { .string($0.rfc3339) },
            "heard_ms": .integer(Int64(self.recording.count) * 1000 / Int64(Recording.rate)),
            "audio": .string("/calls/\(self.number)/audio.wav"),
        ])
    }
}
