package import Encodings
internal import Identifiers
internal import Time

extension CodeWay: StoredAsJSON {}

extension CodeChallenge: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "before": self.before.map { .integer($0.milliseconds) }, "expires": .integer(self.expires.milliseconds),
            "id": self.id.json,
            "lastSent": self.lastSent.map { .integer($0.milliseconds) },
            "nextText": self.next[.text].map { .integer($0.milliseconds) },
            "nextVoice": self.next[.voice].map { .integer($0.milliseconds) }, "sent": self.sent.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let lastSent: Int64? = try json.stored(optional: "lastSent")
        let before: Int64? = try json.stored(optional: "before")
        let (text, voice): (Int64?, Int64?) =
            (try json.stored(optional: "nextText"), try json.stored(optional: "nextVoice"))
        var next: [CodeWay: Instant] = [:]
        next[.text] = text.map(Instant.init(milliseconds:))
        next[.voice] = voice.map(Instant.init(milliseconds:))
        self.init(
            id: try json.stored("id"), expires: Instant(milliseconds: try json.stored("expires")),
            sent: try json.stored("sent"), lastSent: lastSent.map(Instant.init(milliseconds:)), next: next,
            before: before.map(Instant.init(milliseconds:)))
    }
}
