import Time

extension PageContent {
    /// What came in by mail, the newest first.
    struct Mails {
        let none: Bool
        let all: [Mail]
        let text: [String: String]

        init(_ carrier: Carrier, clock: WallClock, in language: PageLanguage) {
            self.none = carrier.mails.isEmpty
            self.all = carrier.mails.reversed().map { .init($0, clock, language) }
            self.text = PageMessage.texts(in: language)
        }
    }

    struct Mail {
        let key: String
        let subject: String
        let route: String
        let time: String
        let dateTime: String
        let content: String

        fileprivate init(_ mail: ReceivedMail, _ clock: WallClock, _ language: PageLanguage) {
            self.key = "mail-\(mail.number)"
            self.subject = mail.subject
            self.route = PageMessage.mailRoute.text(in: language, mail.from, mail.to.joined(separator: ", "))
            (self.time, self.dateTime) = (clock.time(mail.received), mail.received.rfc3339)
            self.content = mail.text
        }
    }
}
