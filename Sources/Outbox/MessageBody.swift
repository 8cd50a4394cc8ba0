package import Encodings
package import Identity

/// What a message is made from. It is kept sealed, and erased as soon as the message is final: it holds a code.
package struct MessageBody: Hashable, Sendable {
    /// A telephone number in E.164 with its plus sign, or an e-mail address.
    package let recipient: String
    /// As the user reads it: a BCP 47 tag, `en` or `zh-Hant`.
    package let language: String
    package var code: String?
    /// What the user signs in to, by its name in his language.
    package var application: String?
    /// Whether the code is typed into a browser's page, so that a phone may fill it in there by its origin.
    package var isForBrowser = false
    /// What happened, for a notice.
    package var notice: NoticeKind?
    /// When it happened and what else its sentence needs, for a notice.
    package var details: JSONValue?
    /// What undoes it without a login, for a notice by mail: the last part of an address. It opens nothing.
    package var undo: String?

    package init(recipient: String, language: String) {
        self.recipient = recipient
        self.language = language
    }
}

extension MessageBody: CustomStringConvertible, CustomReflectable {
    package var description: String { "MessageBody(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MessageBody: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "application": self.application?.json, "browser": .bool(self.isForBrowser), "code": self.code?.json,
            "details": self.details, "language": self.language.json, "notice": self.notice?.rawValue.json,
            "to": self.recipient.json, "undo": self.undo?.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(recipient: try json.stored("to"), language: try json.stored("language"))
        self.application = try json.stored(optional: "application")
        self.code = try json.stored(optional: "code")
        self.details = json["details"]
        self.undo = try json.stored(optional: "undo")
        if case .bool(true)? = json["browser"] { self.isForBrowser = true }
        let notice: String? = try json.stored(optional: "notice")
        self.notice = try notice.map { name throws(JSONMemberError) in
            guard let kind = NoticeKind(rawValue: name) else { throw .unknown(name) }
            return kind
        }
    }
}
