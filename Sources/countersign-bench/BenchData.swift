// The users, cards and the application of a benchmark, as the provisioning file holds them.

import Encodings
import Foundation
import OTP

/// A card as its holder uses it: challenge in, response out.
struct BenchCard: Sendable {
    let userName: String
    private let suite: OCRASuite
    private let key: OTPKey
    private let pin: OCRAPIN

    init(userName: String, suite: String, key: [UInt8], pin: String) throws {
        self.userName = userName
        self.suite = try OCRASuite(parsing: suite)
        self.key = try OTPKey(key)
        self.pin = try OCRAPIN(pin, for: self.suite)
    }

    func response(to challenge: String) throws -> String {
        try self.suite.response(key: self.key, question: challenge, pin: self.pin)
    }
}

/// What the generator knows of those whom it plays.
struct BenchData: Sendable {
    struct Credentials: Sendable {
        let userName: String
        let password: String
    }

    let cards: [BenchCard]
    let passwords: [Credentials]
    let clientID: String
    let clientSecret: String

    /// The header by which the application says who it is.
    var authorization: String {
        "Authorization: Basic \(Base64.encode(Array("\(self.clientID):\(self.clientSecret)".utf8)))\r\n"
    }

    static let redirect = "http://127.0.0.1/callback"

    init(file: String) throws {
        guard let bytes = FileManager.default.contents(atPath: file) else { throw BenchError("\(file) cannot be read") }
        let document = try JSONValue(parsing: Array(bytes))
        self.cards = try document["cards"].elements.map { card in
            try BenchCard(
                userName: card.text("username"), suite: card.text("suite"),
                key: try Hexadecimal.decode(card.text("key")), pin: card.text("pin"))
        }
        self.passwords = try document["users"].elements.filter { $0["password"] != nil }.map { user in
            Credentials(userName: try user.text("username"), password: try user.text("password"))
        }
        guard let client = document["client"] else { throw BenchError("\(file) has no client") }
        self.clientID = try client.text("client_id")
        self.clientSecret = try client.text("client_secret")
    }
}

extension BenchData {
    /// A provisioning file: everyone has a card, and the first ones a password, because each takes a hash to provision.
    static func document(users: Int, passwords: Int, sendsTexts: Bool) -> JSONValue {
        let people = (0..<users).map { number -> JSONValue in
            .object(omittingAbsent: [
                "username": .string(Self.name(number)), "name": .string("User \(number)"),
                "password": number < passwords ? .string("correct-horse-\(Self.hexadecimal(8))") : nil,
            ])
        }
        let cards = (0..<users).map { number -> JSONValue in
            [
                "serial": .string("BENCH-\(number)"), "username": .string(Self.name(number)), "pin": "4321",
                "key": .string(Self.hexadecimal(32)), "suite": "OCRA-1:HOTP-SHA256-8:QN06-PSHA1",
            ]
        }
        return ["users": .array(people), "cards": .array(cards), "client": Self.client(sendsTexts: sendsTexts)]
    }

    /// - Parameter sendsTexts: whether its factor checks may ask telephone numbers, which takes a look at them.
    private static func client(sendsTexts: Bool) -> JSONValue {
        [
            "client_id": "bench", "client_secret": .string(Self.hexadecimal(32)), "name": "Benchmark",
            "kind": "native", "redirect_uris": [.string(Self.redirect)],
            "permissions": sendsTexts ? ["factor_check", "factor_check_text"] : ["factor_check"],
        ]
    }

    /// A provisioning file of users with a telephone each, and nothing else.
    static func telephones(from first: Int, count: Int) -> JSONValue {
        let numbers = first..<first + count
        let people = numbers.map { number -> JSONValue in
            ["username": .string(Self.nameWithPhone(number)), "name": .string("Telephone \(number)")]
        }
        // Any seven digits that begin with 2 to 9 are a number of California.
        let phones = numbers.map { number -> JSONValue in
            ["username": .string(Self.nameWithPhone(number)), "number": .string("+1415\(2_000_000 + number)")]
        }
        return ["users": .array(people), "phones": .array(phones)]
    }

    static func nameWithPhone(_ number: Int) -> String { "telephone\(number)" }

    private static func name(_ number: Int) -> String { "user\(number)" }

    private static func hexadecimal(_ count: Int) -> String {
        Hexadecimal.encode((0..<count).map { _ in UInt8.random(in: .min ... .max) })
    }
}

extension JSONValue? {
    fileprivate var elements: [JSONValue] {
        if case .array(let elements)? = self { elements } else { [] }
    }
}

extension JSONValue {
    /// A member that must be a text.
    func text(_ name: String) throws -> String {
        guard case .string(let text)? = self[name] else { throw BenchError("\(name) is missing") }
        return text
    }
}
