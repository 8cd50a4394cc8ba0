// From cards and their displays to HTML.

import CardDevice
import Languages
import Mustache
import OTP

/// Fills the templates. It decides nothing and stores nothing.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary

    init() throws {
        var library = MustacheLibrary()
        for (name, bytes) in Self.templates {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        self.library = library
    }

    static var templates: [(name: String, bytes: [UInt8])] {
        [
            ("page", PackageResources.card_simulator_page_mustache),
            ("card", PackageResources.card_simulator_card_mustache),
            ("display", PackageResources.card_simulator_display_mustache),
        ]
    }

    /// All cards, by owner, in the order of the file.
    func list(_ cards: [(card: DemoCard, display: CardDisplay)], at time: Int64, in language: Language) -> String {
        var usernames: [String] = []
        for (card, _) in cards where !usernames.contains(card.username) { usernames.append(card.username) }
        let owners = usernames.enumerated().map { index, username in
            let own = cards.filter { $0.card.username == username }
            let drawn = own.map { Self.card($0.card, $0.display, alone: false, at: time, in: language) }
            return PageContent.Owner(
                number: index + 1, name: own.first?.card.owner ?? username, username: username, cards: drawn)
        }
        return self.page(.title, owners: owners, in: language)
    }

    /// One card, large enough for a phone.
    func card(_ card: DemoCard, _ display: CardDisplay, at time: Int64, in language: Language) -> String {
        let drawn = Self.card(card, display, alone: true, at: time, in: language)
        return self.page(.title, card: drawn, in: language)
    }

    func display(_ display: CardDisplay, of card: DemoCard, at time: Int64, in language: Language) -> String {
        let content = PageContent.Display(display, of: card, at: time, in: language)
        return self.library.render(content, withTemplate: "display") ?? ""
    }

    func notFound(in language: Language) -> String { self.page(.notFoundTitle, missing: true, in: language) }

    private func page(
        _ heading: PageMessage, owners: [PageContent.Owner] = [], card: PageContent.Card? = nil, missing: Bool = false,
        in language: Language
    ) -> String {
        let content = PageContent(
            tag: language.rawValue, heading: heading.text(in: language), owners: owners, card: card, missing: missing,
            languages: Language.allCases.map { choice in
                PageContent.LanguageChoice(
                    tag: choice.rawValue, name: choice.ownName, current: choice == language,
                    address: "/language/\(choice.rawValue)" + (card.map { "/\($0.serial)" } ?? ""))
            },
            text: Self.texts(in: language))
        return self.library.render(content, withTemplate: "page") ?? ""
    }

    private static func card(
        _ card: DemoCard, _ display: CardDisplay, alone: Bool, at time: Int64, in language: Language
    ) -> PageContent.Card {
        PageContent.Card(
            serial: card.serial, suite: card.device.suite.text, view: alone ? "card" : "list",
            heading: PageMessage.cardOf.text(in: language, card.serial),
            open: PageMessage.openCard.text(in: language, card.serial),
            pin: PageMessage.pinText.text(in: language, card.pin), alone: alone,
            display: PageContent.Display(display, of: card, at: time, in: language),
            keys: PageContent.Key.keypad(in: language), text: Self.texts(in: language))
    }

    private static func texts(in language: Language) -> [String: String] {
        Dictionary(uniqueKeysWithValues: PageMessage.allCases.map { ($0.rawValue, $0.text(in: language)) })
    }
}
