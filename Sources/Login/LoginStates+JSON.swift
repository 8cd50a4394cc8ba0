internal import Authenticators
package import Encodings
internal import Identifiers
internal import Time

extension LoginSubject: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "authenticators": self.authenticators.json,
            "passwordAt": self.passwordAt.map { .integer($0.milliseconds) },
            "passwordSetAt": self.passwordSetAt.map { .integer($0.milliseconds) }, "user": self.user.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let passwordAt: Int64? = try json.stored(optional: "passwordAt")
        let passwordSetAt: Int64? = try json.stored(optional: "passwordSetAt")
        self.init(
            user: try json.stored("user"), passwordAt: passwordAt.map(Instant.init(milliseconds:)),
            passwordSetAt: passwordSetAt.map(Instant.init(milliseconds:)),
            authenticators: try json.stored("authenticators"))
    }
}

extension ChoosingFactor: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "blocked": self.blocked?.json, "codesEnded": self.codesEnded ? .bool(true) : nil,
            "subject": self.subject.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            subject: try json.stored("subject"), blocked: try json.stored(optional: "blocked"),
            codesEnded: json["codesEnded"] == .bool(true))
    }
}

extension BlockedFactor: StoredAsJSON {
    package var json: JSONValue {
        ["authenticator": self.authenticator.json, "until": .integer(self.until.milliseconds)]
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            authenticator: try json.stored("authenticator"), until: Instant(milliseconds: try json.stored("until")))
    }
}

extension AwaitingResponse: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "challenge": self.challenge.json, "factor": self.factor.json, "lastWrong": self.lastWrong?.json,
            "subject": self.subject.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            subject: try json.stored("subject"), factor: try json.stored("factor"),
            challenge: try json.stored("challenge"), lastWrong: try json.stored(optional: "lastWrong"))
    }
}

extension WrongAnswer: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "nextBlock": self.nextBlock.map { .integer($0.milliseconds) },
            "olderCode": self.isOlderCode ? .bool(true) : nil,
            "triesLeft": .integer(Int64(self.triesLeft)),
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let (triesLeft, nextBlock): (Int64, Int64?) =
            (try json.stored("triesLeft"), try json.stored(optional: "nextBlock"))
        self.init(
            triesLeft: Int(triesLeft), nextBlock: nextBlock.map(Span.init(milliseconds:)),
            isOlderCode: json["olderCode"] == .bool(true))
    }
}

extension Granted: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "at": .integer(self.at.milliseconds), "factor": self.factor?.json,
            "limitedUntil": self.limitedUntil.map { .integer($0.milliseconds) }, "methods": self.methods.json,
            "passwordSetAt": self.passwordSetAt.map { .integer($0.milliseconds) },
            "pinMustChange": self.pinMustChange ? .bool(true) : nil, "user": self.user.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let limitedUntil: Int64? = try json.stored(optional: "limitedUntil")
        let passwordSetAt: Int64? = try json.stored(optional: "passwordSetAt")
        self.init(
            user: try json.stored("user"), factor: try json.stored(optional: "factor"),
            methods: try json.stored("methods"), at: Instant(milliseconds: try json.stored("at")),
            passwordSetAt: passwordSetAt.map(Instant.init(milliseconds:)),
            limitedUntil: limitedUntil.map(Instant.init(milliseconds:)),
            pinMustChange: json["pinMustChange"] == .bool(true))
    }
}

extension Finished: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "at": .integer(self.at.milliseconds), "limitedUntil": self.limitedUntil.map { .integer($0.milliseconds) },
            "user": self.user.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let limitedUntil: Int64? = try json.stored(optional: "limitedUntil")
        self.init(
            user: try json.stored("user"), at: Instant(milliseconds: try json.stored("at")),
            limitedUntil: limitedUntil.map(Instant.init(milliseconds:)))
    }
}
