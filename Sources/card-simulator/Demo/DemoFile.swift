// The file with the demonstration cards, read once into cards that work.

import CardDevice
import Foundation
import OTP

/// A demonstration card: who holds it, its PIN, and a device that is switched off.
struct DemoCard: Sendable {
    let serial: String
    let pin: String
    let username: String
    /// The holder's name, or the user name if the file has no such user.
    let owner: String
    let device: CardDevice
}

/// The cards of a file, in its order. Other keys of the file belong to other programs.
struct DemoFile: Sendable {
    let cards: [DemoCard]

    init(path: String) throws(DemoFileError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path: path) }
        try self.init(data, path: path)
    }

    init(_ data: Data, path: String) throws(DemoFileError) {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: data)
        } catch {
            throw .malformed(path: path, detail: Self.sentence(error))
        }
        guard !content.cards.isEmpty else { throw .noCards(path: path) }
        let names = Dictionary((content.users ?? []).map { ($0.username, $0.name) }) { first, _ in first }
        var cards: [DemoCard] = []
        for card in content.cards {
            guard !cards.contains(where: { $0.serial == card.serial }) else {
                throw .malformed(path: path, detail: "there are two cards \(card.serial)")
            }
            cards.append(try Self.card(card, owner: names[card.username], path: path))
        }
        self.cards = cards
    }

    func card(serial: String) throws(DemoFileError) -> DemoCard {
        guard let card = self.cards.first(where: { $0.serial == serial }) else {
            throw .noSuchCard(serial: serial, known: self.cards.map(\.serial))
        }
        return card
    }

    private static func card(_ card: Content.Card, owner: String?, path: String) throws(DemoFileError) -> DemoCard {
        func refusal(_ detail: String) -> DemoFileError {
            .malformed(path: path, detail: "card \(card.serial): \(detail)")
        }
        // The serial stands in addresses of the page.
        guard 1...40 ~= card.serial.utf8.count, card.serial.utf8.allSatisfy(isSerialCharacter) else {
            throw .malformed(path: path, detail: "a serial has 1 to 40 letters, digits and hyphens")
        }
        guard card.pin.utf8.allSatisfy(isDigit), CardDevice.pinLengths.contains(card.pin.utf8.count) else {
            throw refusal("a PIN has 4 to 8 digits")
        }
        guard let bytes = bytes(hexadecimal: card.key), bytes.count == 32, let key = try? OTPKey(bytes) else {
            throw refusal("the key has 64 hexadecimal digits")
        }
        guard let suite = try? OCRASuite(parsing: card.suite),
            let device = try? CardDevice(suite: suite, key: key, pinLength: card.pin.utf8.count)
        else { throw refusal("a card cannot compute the suite \(card.suite)") }
        return DemoCard(
            serial: card.serial, pin: card.pin, username: card.username, owner: owner ?? card.username, device: device)
    }

    private static func sentence(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        func place(_ path: [any CodingKey]) -> String {
            let text = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
            return text.isEmpty ? "the document" : String(text.trimmingPrefix("."))
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) is of the wrong kind"
        case .dataCorrupted: "it is not JSON"
        @unknown default: "it is not JSON"
        }
    }

    private struct Content: Decodable {
        struct Card: Decodable {
            let serial: String
            let key: String
            let pin: String
            let suite: String
            let username: String
        }

        struct User: Decodable {
            let username: String
            let name: String
        }

        let cards: [Card]
        let users: [User]?
    }
}

/// Why there are no cards to simulate. It never carries a key.
enum DemoFileError: Error, Hashable, CustomStringConvertible {
    case unreadable(path: String)
    case malformed(path: String, detail: String)
    case noCards(path: String)
    case noSuchCard(serial: String, known: [String])

    var description: String {
        switch self {
        case .unreadable(let path):
            "Cannot read \(path). Give the file of the demonstration set-up with --demo FILE."
        case .malformed(let path, let detail):
            "\(path) is not a file of demonstration cards: \(detail). Have the demonstration set-up write it again."
        case .noCards(let path):
            "\(path) has no cards. Have the demonstration set-up write it again."
        case .noSuchCard(let serial, let known):
            "There is no card \(serial). Choose one of: \(known.joined(separator: ", "))."
        }
    }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isSerialCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// `UInt8.init` also takes "+f".
private func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
