import CardDevice
import Testing

@testable import card_simulator

@Suite("The file with the demonstration cards")
struct DemoFileTests {
    static let good = file(
        [
            card(), card(serial: "CS-100002", username: "bob"),
            card(serial: "CS-100003", pin: "123456", suite: "OCRA-1:HOTP-SHA256-8:QN08-PSHA1", username: "carol"),
        ], users: #"[{"username":"alice","name":"Alice Chan"},{"username":"bob","name":"Bob <b>Lee"}]"#)

    @Test("Cards, their holders, and keys that belong to other programs")
    func read() throws {
        let file = try DemoFile(.init(Self.good.utf8), path: "demo.json")
        #expect(file.cards.map(\.serial) == ["CS-100001", "CS-100002", "CS-100003"])
        #expect(file.cards.map(\.owner) == ["Alice Chan", "Bob <b>Lee", "carol"])
        #expect(file.cards.map(\.device.pinLength) == [4, 4, 6])
    }

    @Test("A file without users names them by user name")
    func withoutUsers() throws {
        let text = #"{"cards":[\#(Self.card())]}"#
        #expect(try DemoFile(.init(text.utf8), path: "demo.json").cards.map(\.owner) == ["alice"])
    }

    @Test(
        "Refused files",
        arguments: [
            ("", "it is not JSON"), ("[]", "the document is of the wrong kind"), ("{}", "cards is missing"),
            (file([#"{"serial":"A"}"#]), "cards[0].key is missing"),
            (file([card(), card()]), "there are two cards CS-100001"),
            (file([card(serial: "")]), "a serial has"), (file([card(serial: "A/B")]), "a serial has"),
            (file([card(serial: String(repeating: "A", count: 41))]), "a serial has"),
            (file([card(key: "31")]), "the key has 64 hexadecimal digits"),
            (file([card(key: String(repeating: "+f", count: 32))]), "the key has 64 hexadecimal digits"),
            (file([card(key: String(repeating: "１", count: 64))]), "the key has 64 hexadecimal digits"),
            (file([card(pin: "123")]), "a PIN has 4 to 8 digits"),
            (file([card(pin: "12a4")]), "a PIN has 4 to 8 digits"),
            (file([card(pin: "123456789")]), "a PIN has 4 to 8 digits"),
            (file([card(suite: "OCRA-1:HOTP-SHA256-8:QA06-PSHA1")]), "a card cannot compute the suite"),
            (file([card(suite: "nonsense")]), "a card cannot compute the suite nonsense"),
        ])
    func refused(text: String, detail: String) {
        let error = #expect(throws: DemoFileError.self) { try DemoFile(.init(text.utf8), path: "demo.json") }
        #expect(error?.description.contains(detail) == true)
        #expect(error?.description.contains("demo.json") == true)
        #expect(error?.description.contains("3132333435") == false)  // the key
    }

    @Test("No file, no cards, no such card")
    func nothing() throws {
        #expect(throws: DemoFileError.unreadable(path: "/nowhere.json")) { try DemoFile(path: "/nowhere.json") }
        #expect(throws: DemoFileError.noCards(path: "demo.json")) {
            try DemoFile(.init(Self.file([]).utf8), path: "demo.json")
        }
        let file = try DemoFile(.init(Self.file([Self.card()]).utf8), path: "demo.json")
        #expect(throws: DemoFileError.noSuchCard(serial: "X", known: ["CS-100001"])) { try file.card(serial: "X") }
    }

    static func file(_ cards: [String], users: String = "[]") -> String {
        #"{"applications":[],"cards":[\#(cards.joined(separator: ","))],"users":\#(users)}"#
    }

    static func card(
        serial: String = "CS-100001",
        key: String = "3132333435363738393031323334353637383930313233343536373839303132", pin: String = "1234",
        suite: String = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1", username: String = "alice"
    ) -> String {
        #"{"serial":"\#(serial)","key":"\#(key)","pin":"\#(pin)","suite":"\#(suite)","username":"\#(username)"}"#
    }
}
