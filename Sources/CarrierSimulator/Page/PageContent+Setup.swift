import Time

/// Where the ways in are, as this program was started.
struct Listening: Hashable, Sendable {
    var http: String
    var smpp: String?
    var sip: String?
    var smtp: String?
}

extension PageContent.Setup {
    init(_ carrier: Carrier, _ account: GatewayAccount, _ listening: Listening, in language: PageLanguage) {
        self.forms = Way.allCases.map { .init($0, carrier.faults(of: $0), in: language) }
        (self.user, self.password) = (account.user, account.password)
        self.gateway = "http://\(listening.http)/gateway/messages"
        self.receiptKey = account.receiptKey
        self.smppAddress = listening.smpp
        self.sipAddress = listening.sip.map { "sip:+…@\($0)" }
        self.smtpAddress = listening.smtp
        self.interface = "http://\(listening.http)/api"
    }
}

extension PageContent.FaultForm {
    fileprivate init(_ way: Way, _ faults: WayFaults, in language: PageLanguage) {
        self.way = way.rawValue
        self.wayTitle = PageMessage.faultsOf.text(in: language, way.message.text(in: language))
        self.answers = .init(of: faults.answers, in: language, \.message)
        self.answerDelay = faults.answerDelay.inSeconds
        self.texts = .init(of: faults.texts, in: language, \.message)
        self.deliveryDelay = faults.deliveryDelay.inSeconds
        self.receipts = .init(of: faults.receipts, in: language, \.message)
        self.receiptDelay = faults.receiptDelay.inSeconds
        self.rejected = faults.rejected.map(\.text).joined(separator: " ")
    }
}

extension Span {
    /// `2`, `0.5`: as it stands in a form.
    var inSeconds: String {
        let rest = self.milliseconds % 1000
        guard rest != 0 else { return "\(self.milliseconds / 1000)" }
        let digits = String("\(1000 + rest)".dropFirst())
        return "\(self.milliseconds / 1000).\(digits[...(digits.lastIndex { $0 != "0" } ?? digits.startIndex)])"
    }

    /// Digits, and at most three more after a point; nil for anything else.
    init?(inSeconds text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ (1...4).contains($0.utf8.count) }),
            parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }), parts.count == 1 || parts[1].utf8.count <= 3
        else { return nil }
        let rest = parts.count == 2 ? parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count) : "0"
        guard let seconds = Int64(parts[0]), let milliseconds = Int64(rest) else { return nil }
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }
}
