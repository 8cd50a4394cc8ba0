internal import Encodings
internal import Flows
internal import HTTPEdge
internal import Time

/// The cards of an import, as the admin API takes them: all in one body, since they are imported together or not at all.
enum AdminCardImport {
    /// In bytes; enough for the most cards.
    static let largestBody = 64 * 1024 * 1024
    static let mostCards = 250_000

    static func read(_ body: inout JSONObjectReader) throws -> CardImport {
        let source = try body.string("source", minimum: 1, maximum: 200)
        let elements = try body.array("cards", maximum: Self.mostCards)
        let cards = try elements.enumerated().map { index, element in
            do {
                return try Self.card(element, at: index + 1)
            } catch let error as JSONMemberError {
                throw PublicError.badRequest("nothing was imported: card \(index + 1): \(error)")
            }
        }
        return CardImport(source: source, cards: cards)
    }

    /// - Parameter place: what errors call its line where it says none.
    private static func card(_ element: JSONValue, at place: Int) throws -> CardImport.Card {
        var card = try JSONObjectReader(element)
        let line = try card.optionalInteger("line", in: 1...Int64(Int32.max)).map(Int.init) ?? place
        let read = CardImport.Card(
            line: line, serial: try card.string("serial", maximum: 200), suite: try card.string("suite", maximum: 200),
            key: try Self.key(try card.string("key", maximum: 1024)), pin: try card.optionalString("pin", maximum: 20),
            start: try Self.instant("usable_from", &card), end: try Self.instant("usable_until", &card),
            shortestPIN: try Self.count("pin_min_length", &card), longestPIN: try Self.count("pin_max_length", &card),
            mostWrongPINs: try Self.count("pin_max_failures", &card))
        try card.finish()
        return read
    }

    private static func key(_ text: String) throws -> [UInt8] {
        guard let key = try? Hexadecimal.decode(text) else {
            throw JSONMemberError.unexpected("key", expected: "lower-case hexadecimal digits")
        }
        return key
    }

    private static func instant(_ name: String, _ card: inout JSONObjectReader) throws -> Instant? {
        guard let text = try card.optionalString(name, maximum: 40) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw JSONMemberError.unexpected(name, expected: "a time such as 2026-01-31T09:30:00Z")
        }
        return instant
    }

    private static func count(_ name: String, _ card: inout JSONObjectReader) throws -> Int? {
        try card.optionalInteger(name, in: 0...Int64(Int32.max)).map(Int.init)
    }
}
