import OTP
import Testing

@testable import CardDevice

@Suite("The security card")
struct CardDeviceTests {
    static let key = "12345678901234567890123456789012"

    // MARK: Conversations

    @Test(
        "From off to a response", arguments: [("111111", "76269671"), ("123456", "90187643"), ("999999", "75523626")])
    func response(challenge: String, expected: String) throws {
        var card = try Self.card()
        #expect(card.display(at: 0) == CardDisplay(isOn: false, prompt: nil, text: "", darkAt: nil))
        card.press(.power, at: 0)
        #expect(card.display(at: 0).line == "PIN>")
        card.type("1234", at: 0)
        #expect(card.display(at: 0).line == "PIN> ****")
        card.press(.ok, at: 0)
        #expect(card.display(at: 0).line == "CHALLNG>")
        card.type(challenge, at: 0)
        #expect(card.display(at: 0).line == "CHALLNG> \(challenge)")
        card.press(.ok, at: 0)
        #expect(card.display(at: 0) == CardDisplay(isOn: true, prompt: nil, text: expected, darkAt: 60_000))
    }

    @Test("A wrong PIN makes a wrong response, and nothing else")
    func wrongPIN() throws {
        let card = try Self.card(after: "p1235k123456k")
        #expect(card.display(at: 0).text.utf8.count == 8)
        #expect(card.display(at: 0).text != "90187643")
    }

    @Test("A suite with a challenge of eight digits, and a PIN of six")
    func otherLengths() throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN08-PSHA1")
        let key = try OTPKey(Self.key.utf8)
        var card = try CardDevice(suite: suite, key: key, pinLength: 6)
        card.press(.power, at: 0)
        card.type("12345", at: 0)
        card.press(.ok, at: 0)
        #expect(card.display(at: 0).line == "PIN> *****")
        card.type("6", at: 0)
        card.press(.ok, at: 0)
        card.type("1234567", at: 0)
        card.press(.ok, at: 0)
        #expect(card.display(at: 0).line == "CHALLNG> 1234567")
        card.type("8", at: 0)
        card.press(.ok, at: 0)
        let pin = try OCRAPIN("123456", for: suite)
        #expect(try card.display(at: 0).text == suite.response(key: key, question: "12345678", pin: pin))
    }

    @Test("The next time it asks for the PIN again")
    func nextTime() throws {
        var card = try Self.card(after: "p1234k123456kp")
        #expect(!card.display(at: 0).isOn)
        card.press(.power, at: 0)
        #expect(card.display(at: 0).line == "PIN>")
    }

    // MARK: Time

    @Test("Dark 30 s after the last press", arguments: [CardKey.one, .correction, .ok])
    func patienceOfEntry(key: CardKey) throws {
        var card = try Self.card()
        card.press(.power, at: 1_000)
        #expect(card.display(at: 30_999).isOn)
        #expect(!card.display(at: 31_000).isOn)
        card.press(key, at: 30_999)
        #expect(card.display(at: 60_998).isOn)
        #expect(!card.display(at: 60_999).isOn)
    }

    @Test("A response stays 60 s, and no button makes it stay longer", arguments: CardKey.allCases)
    func patienceOfResponse(key: CardKey) throws {
        var card = try Self.card(after: "p1234k123456k")
        card.press(key, at: 59_999)
        #expect(card.display(at: 59_999).isOn == (key != .power))
        #expect(!card.display(at: 60_000).isOn)
    }

    @Test("What was typed is gone once it went dark")
    func forgotten() throws {
        var card = try Self.card(after: "p1234k12345")
        card.press(.six, at: 30_000)
        #expect(!card.display(at: 30_000).isOn)
        card.press(.power, at: 30_001)
        #expect(card.display(at: 30_001).line == "PIN>")
    }

    @Test("The ends of time do not overflow", arguments: [.min, .max - 1] as [Int64])
    func endsOfTime(time: Int64) throws {
        var card = try Self.card()
        card.press(.power, at: time)
        #expect(card.display(at: time).isOn)
    }

    // MARK: Every state and every button

    /// What was typed to get there, what is read, and what the buttons make of it. Those not named change nothing.
    static let walk: [(typed: String, line: String, after: [CardKey: String])] = [
        ("", "", [.power: "PIN>"]),
        ("p", "PIN>", digits { _ in "PIN> *" }.with([.power: ""])),
        ("p123", "PIN> ***", digits { _ in "PIN> ****" }.with([.power: "", .correction: "PIN> **"])),
        ("p1234", "PIN> ****", [.power: "", .correction: "PIN> ***", .ok: "CHALLNG>"]),
        ("p1234k", "CHALLNG>", digits { "CHALLNG> \($0)" }.with([.power: ""])),
        (
            "p1234k12345", "CHALLNG> 12345",
            digits { "CHALLNG> 12345\($0)" }.with([.power: "", .correction: "CHALLNG> 1234"])
        ),
        ("p1234k123456", "CHALLNG> 123456", [.power: "", .correction: "CHALLNG> 12345", .ok: "90187643"]),
        ("p1234k123456k", "90187643", [.power: ""]),
    ]

    private static func digits(_ line: (Character) -> String) -> [CardKey: String] {
        var lines: [CardKey: String] = [:]
        for key in CardKey.allCases { if let digit = key.digit { lines[key] = line(digit) } }
        return lines
    }

    @Test("Every state, every button", arguments: walk.indices, CardKey.allCases)
    func everyPair(index: Int, key: CardKey) throws {
        let step = Self.walk[index]
        var card = try Self.card(after: step.typed)
        #expect(card.display(at: 0).line == step.line)
        card.press(key, at: 1)
        #expect(card.display(at: 1).line == step.after[key] ?? step.line)
    }

    // MARK: Cards that cannot be

    @Test(
        "Suites that buttons cannot serve",
        arguments: [
            "OCRA-1:HOTP-SHA256-8:QN06", "OCRA-1:HOTP-SHA256-8:QA06-PSHA1", "OCRA-1:HOTP-SHA256-8:QH06-PSHA1",
            "OCRA-1:HOTP-SHA256-0:QN06-PSHA1", "OCRA-1:HOTP-SHA256-8:C-QN06-PSHA1",
            "OCRA-1:HOTP-SHA256-8:QN06-PSHA1-S064", "OCRA-1:HOTP-SHA256-8:QN06-PSHA1-T1M",
        ])
    func refusedSuites(text: String) throws {
        let key = try OTPKey(Self.key.utf8)
        let suite = try OCRASuite(parsing: text)
        #expect(throws: CardDeviceError.suiteNotForButtons(text)) { try CardDevice(suite: suite, key: key) }
    }

    @Test("Refused lengths of PINs", arguments: [0, 3, 9])
    func refusedPINLengths(length: Int) throws {
        let key = try OTPKey(Self.key.utf8)
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1")
        #expect(throws: CardDeviceError.pinLengthOutOfRange(length)) {
            try CardDevice(suite: suite, key: key, pinLength: length)
        }
    }

    @Test("A card that is printed shows neither key nor PIN")
    func hidden() throws {
        let card = try Self.card(after: "p7391k123")
        var text = "\(card) \(String(reflecting: card)) \([card])"
        dump(card, to: &text)
        #expect(text.contains("hidden"))
        #expect(!text.contains("7391"))
    }

    private static func card() throws -> CardDevice {
        try CardDevice(suite: OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"), key: OTPKey(Self.key.utf8))
    }

    /// A card on which this was typed at 0: `p` for power, `k` for OK.
    private static func card(after typed: String) throws -> CardDevice {
        var card = try Self.card()
        card.type(typed, at: 0)
        return card
    }
}

extension CardDevice {
    fileprivate mutating func type(_ typed: String, at time: Int64) {
        let names = ["p": "power", "k": "OK"]
        for character in typed.map(String.init) {
            if let key = CardKey(rawValue: names[character] ?? character) { self.press(key, at: time) }
        }
    }
}

extension [CardKey: String] {
    fileprivate func with(_ others: Self) -> Self { self.merging(others) { $1 } }
}
