internal import Encodings
internal import Outbox
internal import Time

/// Notices: a sentence in a text; in a mail also when it was, where to see more, and what undoes it.
extension MessageWords {
    /// nil when there is no sentence for it.
    func noticeMail(_ body: MessageBody, _ language: MessageLanguage) -> String? {
        guard let sentence = self.notice(body, language) else { return nil }
        let parts = [
            self.sentence("notice.mail", language, ["sentence": sentence]),
            Self.time(of: body).flatMap { self.sentence("notice.mail.time", language, ["time": $0]) },
            self.sentence("notice.mail.more", language),
            body.undo.flatMap { self.sentence("notice.mail.undo", language, ["page": self.undoPage + $0]) },
            self.sentence("notice.mail.end", language),
        ]
        return parts.compactMap { $0 }.joined()
    }

    /// `2026-11-27 02:00 UTC`
    private static func time(of body: MessageBody) -> String? {
        guard case .integer(let milliseconds)? = body.details?["at"] else { return nil }
        let text = Instant(milliseconds: milliseconds).rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
