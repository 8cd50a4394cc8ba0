// What the templates are given: plain values, nothing to decide.

import CardDevice
import Languages
import OTP

/// The whole page: all cards, one card, or none.
struct PageContent {
    struct Owner {
        let number: Int
        let name: String
        let username: String
        let cards: [Card]
    }

    struct Card {
        let serial: String
        let suite: String
        let view: String
        let heading: String
        let open: String
        let pin: String
        let alone: Bool
        let display: Display
        let keys: [Key]
        let text: [String: String]
    }

    struct Key {
        let value: String
        let label: String
        let name: String
        let kind: String
    }

    struct Display {
        let on: Bool
        let prompt: String
        let spoken: String
        let darkIn: Int64?
        let cells: [Cell]
    }

    struct Cell {
        let kind: String
        let character: String
    }

    struct LanguageChoice {
        let tag: String
        let name: String
        let current: Bool
        let address: String
    }

    let tag: String
    let heading: String
    let owners: [Owner]
    let card: Card?
    let missing: Bool
    let languages: [LanguageChoice]
    let text: [String: String]
}

extension PageContent.Key {
    /// In the order of the keypad: the power button stands apart.
    static func keypad(in language: Language) -> [Self] {
        let keys: [CardKey] = [
            .one, .two, .three, .four, .five, .six, .seven, .eight, .nine, .correction, .zero, .ok,
        ]
        return keys.map { key in
            let message: PageMessage? = key == .correction ? .correction : key == .ok ? .ok : nil
            let kind = key == .correction ? "key-correction" : key == .ok ? "key-ok" : "key-digit"
            let name = message?.text(in: language) ?? key.rawValue
            return Self(value: key.rawValue, label: key.rawValue, name: name, kind: kind)
        }
    }
}

extension PageContent.Display {
    init(_ display: CardDisplay, of card: DemoCard, at time: Int64, in language: Language) {
        self.on = display.isOn
        self.prompt = display.prompt?.rawValue ?? ""
        self.spoken = Self.spoken(display, of: card, in: language)
        self.darkIn = display.darkAt.map { $0 - time }
        self.cells = Self.cells(display, of: card)
    }

    /// Digits apart, or they would be read out as one great number.
    private static func spoken(_ display: CardDisplay, of card: DemoCard, in language: Language) -> String {
        let digits = display.text.map(String.init).joined(separator: " ")
        return switch (display.isOn, display.prompt) {
        case (false, _): PageMessage.displayOff.text(in: language)
        case (true, .pin):
            PageMessage.displayPIN.text(in: language, "\(display.text.count)", "\(card.device.pinLength)")
        case (true, .challenge): PageMessage.displayChallenge.text(in: language, digits)
        case (true, nil): PageMessage.displayResponse.text(in: language, digits)
        }
    }

    /// As many places as the glass has, whether something stands in them or not.
    private static func cells(_ display: CardDisplay, of card: DemoCard) -> [PageContent.Cell] {
        let places = max(card.device.suite.digits, card.device.suite.question.length, card.device.pinLength)
        let shown = display.text.map { character in
            PageContent.Cell(kind: character == "*" ? "cell-star" : "cell-\(character)", character: String(character))
        }
        let blank = PageContent.Cell(kind: "cell-blank", character: "")
        return shown + [PageContent.Cell](repeating: blank, count: max(0, places - shown.count))
    }
}
