internal import Audit
internal import Authenticators
internal import Flows
internal import HTTPEdge
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import Sessions

/// The lines of the account's lists, in words.
extension AccountPages {
    static func row(_ notice: Notice, _ messages: Messages) -> [String: Any] {
        let sentence = messages.text(
            "account.notices.\(notice.kind.key)",
            [
                "last": notice.details.authenticator ?? "", "until": notice.details.until?.minuteText ?? "",
                "address": notice.details.address ?? messages.text("account.unknown_place"),
            ])
        return ["sentence": sentence, "when": notice.at.minuteText]
    }

    static func row(_ phone: HeldPhone, _ messages: Messages) -> [String: Any] {
        [
            "name": messages.text("authenticators.phone_number_ending", ["last": phone.summary.label]),
            "last_used": phone.lastUsed.map { messages.text("authenticators.last_used", ["date": $0.minuteText]) }
                ?? messages.text("authenticators.never_used"),
        ]
    }

    static func row(
        _ placed: PlacedSession, _ messages: Messages, isCurrent: Bool, token: String
    ) -> [String: Any] {
        let device = Device(userAgent: placed.userAgent).text(messages)
        return [
            "id": placed.session.id.text, "device": device, "current": isCurrent, "csrf": token,
            "end_label": messages.text("account.sessions.end_label", ["device": device]),
            "address": self.address(placed.address, messages),
            "last_used": messages.text("authenticators.last_used", ["date": placed.session.lastSeen.minuteText]),
            "since": messages.text("account.sessions.since", ["date": placed.session.created.minuteText]),
        ]
    }

    static func row(_ login: RecentLogin, _ messages: Messages) -> [String: Any] {
        let note = login.entry.note
        let name = login.application.map { application in
            switch messages.language {
            case .english: application.name
            case .traditionalChinese: application.nameInTraditionalChinese ?? application.name
            }
        }
        return [
            "outcome": messages.text("account.logins.outcomes.\(note.event.key)"), "failed": note.outcome == .failure,
            "when": login.entry.at.minuteText, "address": self.address(login.entry.context.address, messages),
            "application": name ?? "",
        ]
    }

    /// What was done by the form that led here. Only words of ours are taken from the address.
    static func done(_ request: Request, _ messages: Messages) -> String? {
        guard let query = request.uri.query, query.hasPrefix("done="),
            messages.has("account.done.\(query.dropFirst(5))")
        else { return nil }
        return messages.text("account.done.\(query.dropFirst(5))")
    }

    /// Where from, as far as it is known: there is no map of addresses here.
    private static func address(_ address: String?, _ messages: Messages) -> String {
        address.map { messages.text("account.from", ["address": $0]) } ?? messages.text("account.unknown_place")
    }
}

extension NoticeKind {
    /// As the catalogues name it: a dot parts their keys.
    var key: String { self.rawValue.replacing(".", with: "_") }
}

extension AuditEvent {
    fileprivate var key: String { self.rawValue.replacing(".", with: "_") }
}
