package import Channels
package import Flows
internal import Identity
package import OAuth
internal import Outbox
internal import Time

/// What messages say: the firm's words around what each is made from.
package struct MessageWords: Sendable {
    private let catalogues: [MessageLanguage: [String: String]]
    private let firm: [MessageLanguage: String]
    private let host: String
    private let accountPage: String
    /// Without its last part.
    let undoPage: String
    private let templates: RegisteredTemplates

    /// - Parameters:
    ///   - firm: the name that every message bears.
    ///   - local: the same in Traditional Chinese, where that is another name.
    ///   - templates: what codes must look like somewhere.
    /// - Throws: when a catalogue is damaged.
    package init(
        firm: String, inTraditionalChinese local: String? = nil, issuer: Issuer,
        templates: RegisteredTemplates = [:]
    ) throws {
        self.catalogues = try Dictionary(
            uniqueKeysWithValues: MessageLanguage.allCases.map { ($0, try $0.catalogue()) })
        self.firm = [.english: firm, .traditionalChinese: local ?? firm]
        self.host = Self.host(of: issuer)
        self.accountPage = issuer.address("/account")
        self.undoPage = issuer.address("/account/recovery/cancel/")
        self.templates = templates
    }

    /// Without scheme and port, as phones compare it with the address of the page.
    private static func host(of issuer: Issuer) -> String {
        let authority = issuer.origin.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return String(authority) }
        return String(authority[..<colon])
    }

    /// The message as it goes out; nil when it says something that cannot be said this way.
    package func outgoing(_ message: ClaimedMessage) -> OutgoingMessage? {
        let language = MessageLanguage(message.body.language)
        let content: MessageContent? =
            switch message.channel {
            case .text: self.text(message, language).map(MessageContent.text)
            case .voice: self.call(message, language)
            case .mail: self.mail(message, language)
            }
        let isSpoken = message.channel == .voice
        return content.map { content in
            OutgoingMessage(
                id: message.id, recipient: message.body.recipient,
                language: isSpoken ? language.spoken(in: message.destination?.region) : language.rawValue,
                content: content, expires: message.expires, registration: self.registered(message)?.registration)
        }
    }

    private func text(_ message: ClaimedMessage, _ language: MessageLanguage) -> String? {
        switch message.template {
        case .loginCode, .numberCode: self.code(message, language)
        case .test: self.sentence("test.text", language)
        case .notice:
            self.notice(message.body, language).flatMap { self.sentence("notice.text", language, ["sentence": $0]) }
        }
    }

    private func code(_ message: ClaimedMessage, _ language: MessageLanguage) -> String? {
        guard let code = message.body.code else { return nil }
        let values = ["code": code, "application": message.body.application ?? self.firm[language] ?? ""]
        let registered = self.registered(message)
        let text =
            registered.map { self.fill($0.text, language, values) }
            ?? self.sentence(message.template.rawValue, language, values)
        guard message.body.isForBrowser, registered?.allowsOriginLine ?? true else { return text }
        // Phones fill the code in on the pages of this host alone; the line must be the last one.
        return text.map { "\($0)\n\n@\(self.host) #\(code)" }
    }

    /// What the provider has to send there in the place of our text.
    private func registered(_ message: ClaimedMessage) -> RegisteredTemplate? {
        guard message.channel == .text, message.template == .loginCode || message.template == .numberCode else {
            return nil
        }
        return message.destination.flatMap { self.templates[message.provider]?[$0.region] }
    }

    private func call(_ message: ClaimedMessage, _ language: MessageLanguage) -> MessageContent? {
        let firm = self.firm[language] ?? ""
        switch message.template {
        case .loginCode, .numberCode: return message.body.code.map { .call(SpokenCode(firm: firm, code: $0)) }
        case .test: return .call(SpokenCode(firm: firm, code: "123456"))
        case .notice: return nil
        }
    }

    private func mail(_ message: ClaimedMessage, _ language: MessageLanguage) -> MessageContent? {
        switch message.template {
        // A mailbox is no factor.
        case .loginCode, .numberCode: return nil
        case .test: return self.mail("test.subject", self.sentence("test.text", language), language)
        case .notice:
            return self.mail("notice.subject", self.noticeMail(message.body, language), language)
        }
    }

    private func mail(_ subject: String, _ text: String?, _ language: MessageLanguage) -> MessageContent? {
        guard let text, let subject = self.sentence(subject, language) else { return nil }
        return .mail(subject: subject, text: text)
    }

    func notice(_ body: MessageBody, _ language: MessageLanguage) -> String? {
        body.notice.flatMap { self.sentence("notice.\($0.rawValue)", language) }
    }

    func sentence(_ name: String, _ language: MessageLanguage, _ values: [String: String] = [:]) -> String? {
        self.catalogues[language]?[name].map { self.fill($0, language, values) }
    }

    private func fill(_ text: String, _ language: MessageLanguage, _ values: [String: String]) -> String {
        let all = values.merging(["firm": self.firm[language] ?? "", "account": self.accountPage]) { $1 }
        return MessagePattern(text).filled(all)
    }
}
