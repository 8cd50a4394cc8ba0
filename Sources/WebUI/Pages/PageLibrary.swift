// WebUI: the pages that people see at the login: parse a form, call one flow, render. It decides nothing and opens no
// store.

internal import Crypto
internal import Encodings
internal import HTTPEdge
internal import Hummingbird
internal import Mustache

/// The templates, the catalogues and the files beside them, read once from the program itself.
package struct PageLibrary: Sendable {
    private let templates: MustacheLibrary
    private let messages: [Language: Messages]
    private let firm: [Language: String]
    /// Where the files are served: their hash is part of the address, so browsers may keep them for ever.
    let assetsPath: String

    /// The firm's name in a language.
    func firm(in language: Language) -> String { self.firm[language] ?? "" }

    /// - Parameters:
    ///   - firm: the name that every page bears.
    ///   - local: the same in Traditional Chinese, where that is another name.
    /// - Throws: when an embedded template or catalogue is damaged.
    package init(firm: String, inTraditionalChinese local: String? = nil) throws {
        self.firm = [.english: firm, .traditionalChinese: local ?? firm]
        self.templates = try Self.templates()
        self.messages = try Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, try Messages($0)) })
        let digest = SHA256.hash(data: Asset.allCases.flatMap(\.bytes))
        self.assetsPath = "/assets/" + Hexadecimal.encode(Array(digest.prefix(8)))
    }

    func messages(_ language: Language) throws -> Messages {
        guard let messages = self.messages[language] else { throw PublicError(.internalServerError, .serverFault) }
        return messages
    }

    /// Renders one page.
    ///
    /// - Parameters:
    ///   - template: its file's name without the ending.
    ///   - path: the address that shows this page again, for the language links.
    func render(
        _ template: String, _ messages: Messages, title: String, path: String, _ values: [String: Any]
    ) throws -> String {
        let frame: [String: Any] = [
            "lang": messages.language.rawValue, "t": messages.tree,
            "firm": TemplateText.separated(self.firm[messages.language] ?? ""),
            "title": TemplateText.separated(title),
            "assets": self.assetsPath,
            "languages": Language.allCases.map { language -> [String: Any] in
                [
                    "code": language.rawValue, "name": language.ownName, "href": "\(path)?lang=\(language.rawValue)",
                    "current": language == messages.language,
                ]
            },
        ]
        let context = frame.merging(Self.fit(values)) { $1 }
        guard let page = self.templates.render(context, withTemplate: template) else {
            throw PublicError(.internalServerError, .serverFault)
        }
        return page
    }

    /// What goes into a page from outside: safe for the engine's escaping, and absent rather than empty, since an empty
    /// string would open a section.
    private static func fit(_ values: [String: Any]) -> [String: Any] {
        values.compactMapValues { value -> Any? in
            switch value {
            case let text as String: text.isEmpty ? nil : TemplateText.separated(text)
            case let values as [String: Any]: Self.fit(values)
            case let list as [[String: Any]]: list.map(Self.fit)
            default: value
            }
        }
    }

    private static func templates() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        for (name, bytes) in self.files {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        return library
    }

    static var files: [(name: String, bytes: [UInt8])] {
        [
            ("account_address", PackageResources.account_address_mustache),
            ("address_field", PackageResources.address_field_mustache),
            ("account_card_pin", PackageResources.account_card_pin_mustache),
            ("account_card_step", PackageResources.account_card_step_mustache),
            ("account_cards", PackageResources.account_cards_mustache),
            ("account_delivery", PackageResources.account_delivery_mustache),
            ("account_delivery_provider", PackageResources.account_delivery_provider_mustache),
            ("account_delivery_sent", PackageResources.account_delivery_sent_mustache),
            ("account_delivery_test", PackageResources.account_delivery_test_mustache),
            ("delivery_reason", PackageResources.delivery_reason_mustache),
            ("account_logins", PackageResources.account_logins_mustache),
            ("account_message", PackageResources.account_message_mustache),
            ("account_order", PackageResources.account_order_mustache),
            ("account_overview", PackageResources.account_overview_mustache),
            ("account_password", PackageResources.account_password_mustache),
            ("account_phone", PackageResources.account_phone_mustache),
            ("account_phone_code", PackageResources.account_phone_code_mustache),
            ("account_sessions", PackageResources.account_sessions_mustache),
            ("activate", PackageResources.activate_mustache),
            ("new_card_pin", PackageResources.new_card_pin_mustache),
            ("new_password", PackageResources.new_password_mustache),
            ("recover", PackageResources.recover_mustache),
            ("recover_password", PackageResources.recover_password_mustache),
            ("card_reminders", PackageResources.card_reminders_mustache),
            ("challenge", PackageResources.challenge_mustache),
            ("code_state", PackageResources.code_state_mustache),
            ("new_challenge", PackageResources.new_challenge_mustache),
            ("response", PackageResources.response_mustache),
            ("cancel", PackageResources.cancel_mustache), ("error", PackageResources.error_mustache),
            ("home", PackageResources.home_mustache), ("layout_foot", PackageResources.layout_foot_mustache),
            ("layout_head", PackageResources.layout_head_mustache),
            ("login_authenticator", PackageResources.login_authenticator_mustache),
            ("login_card", PackageResources.login_card_mustache),
            ("login_code", PackageResources.login_code_mustache),
            ("login_help", PackageResources.login_help_mustache),
            ("login_over", PackageResources.login_over_mustache),
            ("login_password", PackageResources.login_password_mustache),
            ("restricted_factor", PackageResources.restricted_factor_mustache),
            ("send_code", PackageResources.send_code_mustache),
            ("sign_out", PackageResources.sign_out_mustache), ("signed_out", PackageResources.signed_out_mustache),
            ("time_left", PackageResources.time_left_mustache), ("time_over", PackageResources.time_over_mustache),
        ]
    }
}

/// A file that pages refer to.
enum Asset: String, CaseIterable, Sendable {
    case style = "countersign.css"
    case script = "login.js"
    case mark = "mark.svg"

    var bytes: [UInt8] {
        switch self {
        case .style: PackageResources.countersign_css
        case .script: PackageResources.login_js
        case .mark: PackageResources.mark_svg
        }
    }

    var type: String {
        switch self {
        case .style: "text/css; charset=utf-8"
        case .script: "text/javascript; charset=utf-8"
        case .mark: "image/svg+xml"
        }
    }
}
