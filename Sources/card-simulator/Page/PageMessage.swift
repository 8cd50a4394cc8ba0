// Every text of the page and of the terminal, in every language.

import Languages

/// One text. Templates name it by its raw value: `{{text.title}}`.
enum PageMessage: String, CaseIterable, Sendable {
    case brand, title, intro, language, cards, cardOf, openCard, allCards
    case power, correction, ok, keypad, display
    case displayOff, displayPIN, displayChallenge, displayResponse
    case pinSummary, pinText, howTo, step1, step2, step3, step4, keyboard
    case notFoundTitle, notFoundText
    case terminalKeys, terminalQuit, terminalOff

    /// The text, with `{0}` and `{1}` replaced. A test sees to it that none is missing.
    func text(in language: Language, _ arguments: String...) -> String {
        let text = Self.table(of: language)[self] ?? self.rawValue
        return arguments.enumerated().reduce(text) { text, argument in
            text.split(separator: "{\(argument.offset)}", omittingEmptySubsequences: false)
                .joined(separator: argument.element)
        }
    }

    static func table(of language: Language) -> [PageMessage: String] {
        switch language {
        case .english: self.english
        case .traditionalChinese: self.traditionalChinese
        }
    }

    private static let english: [PageMessage: String] = [
        .brand: "Countersign",
        .title: "Security cards",
        .intro:
            "Cards for trying things out. They behave like those that users hold: they know no clock and no network, "
            + "and a wrong PIN gives a wrong response.",
        .language: "Language",
        .cards: "Cards",
        .cardOf: "Security card {0}",
        .openCard: "Open card {0} on its own",
        .allCards: "All cards",
        .power: "Power",
        .correction: "C: take back a digit",
        .ok: "OK",
        .keypad: "Buttons",
        .display: "Display",
        .displayOff: "The display is dark.",
        .displayPIN: "PIN: {0} of {1} digits",
        .displayChallenge: "Challenge: {0}",
        .displayResponse: "Response: {0}",
        .pinSummary: "Which PIN?",
        .pinText: "The PIN of this card is {0}.",
        .howTo: "How to use a card",
        .step1: "Press the power button until PIN> appears.",
        .step2: "Enter the PIN and press OK.",
        .step3: "When CHALLNG> appears, enter the challenge from the login page and press OK.",
        .step4: "Enter the 8 digits that appear into the login page.",
        .keyboard: "Once you have pressed a button of a card, the keyboard types on it: digits, Backspace for C, "
            + "Enter for OK, P for power.",
        .notFoundTitle: "No such card",
        .notFoundText: "There is no card with this serial number here.",
        .terminalKeys: "p power   0-9   ⌫ C   ⏎ OK",
        .terminalQuit: "q quit",
        .terminalOff: "(off)",
    ]

    private static let traditionalChinese: [PageMessage: String] = [
        .brand: "Countersign",
        .title: "安全卡",
        .intro: "供試用的安全卡，運作與用戶手上的真卡一樣：沒有時鐘，也不連接網絡；輸入錯誤的 PIN，得出的回應碼亦會是錯的。",
        .language: "語言",
        .cards: "安全卡",
        .cardOf: "安全卡 {0}",
        .openCard: "單獨開啟安全卡 {0}",
        .allCards: "所有安全卡",
        .power: "電源",
        .correction: "C：刪除一個數字",
        .ok: "OK",
        .keypad: "按鍵",
        .display: "顯示屏",
        .displayOff: "顯示屏已關閉。",
        .displayPIN: "PIN：已輸入 {0} 個數字，共 {1} 個",
        .displayChallenge: "挑戰碼：{0}",
        .displayResponse: "回應碼：{0}",
        .pinSummary: "PIN 是甚麼？",
        .pinText: "這張卡的 PIN 是 {0}。",
        .howTo: "如何使用安全卡",
        .step1: "按電源鍵，直至出現 PIN>。",
        .step2: "輸入 PIN，然後按 OK。",
        .step3: "出現 CHALLNG> 後，輸入登入頁面上的挑戰碼，然後按 OK。",
        .step4: "將顯示的 8 位數字輸入登入頁面。",
        .keyboard: "按過卡上任何一個按鍵後，便可用鍵盤輸入：數字鍵；Backspace 即 C；Enter 即 OK；P 即電源鍵。",
        .notFoundTitle: "找不到此卡",
        .notFoundText: "這裏沒有這個編號的安全卡。",
        .terminalKeys: "p 電源   0-9   ⌫ C   ⏎ OK",
        .terminalQuit: "q 離開",
        .terminalOff: "（已關閉）",
    ]
}
