import Encodings
import Testing
import Time

@testable import Speech

@Suite("Phrase files")
struct PhraseBookTests {
    @Test("Those that are shipped can be read, and each says what a caller must", arguments: SpokenLanguage.allCases)
    func shipped(language: SpokenLanguage) throws {
        let book = try PhraseBook(parsing: language.shipped)
        #expect(Set(book.digits).count == 10)
        #expect(book.text(.request, firm: "ACME").contains("ACME"))
        #expect(book.phrases.values.allSatisfy { !$0.contains("{") || $0.contains("{firm}") })
        // The request may be recorded by a mailbox: it has no digits but the keys.
        #expect(book.pauses.forKey >= .seconds(3))
    }

    @Test(
        "The language of the voice for a user's language",
        arguments: [
            ("en", .english), ("en-GB", .english), ("zh-Hant", .mandarin), ("zh-TW", .mandarin), ("zh", .mandarin),
            ("zh-Hant-HK", .cantonese), ("yue-Hant", .cantonese), ("YUE", .cantonese), ("fr", .english), ("", .english),
        ] as [(String, SpokenLanguage)])
    func languages(tag: String, language: SpokenLanguage) { #expect(SpokenLanguage(tag: tag) == language) }

    /// The English file with one member changed.
    private static func changed(_ name: String, to value: JSONValue?, in outer: String? = nil) throws -> [UInt8] {
        func change(_ object: JSONValue, _ name: String, _ value: JSONValue?) -> JSONValue {
            guard case .object(let members) = object else { return object }
            let others = members.filter { $0.name != name }
            return .object(others + (value.map { [JSONValue.Member(name, $0)] } ?? []))
        }
        let book = try JSONValue(parsing: SpokenLanguage.english.shipped)
        guard let outer, let inner = book[outer] else { return change(book, name, value).encoded() }
        return change(book, outer, change(inner, name, value)).encoded()
    }

    @Test(
        "Refused files",
        arguments: [
            ("voice", nil, nil), ("voice", "", nil), ("voice", "en us", nil), ("voice", "--stdout", nil),
            ("voice", "../x", nil), ("words_per_minute", 20, nil), ("words_per_minute", "fast", nil),
            ("digits", ["zero"], nil), ("digits", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], nil),
            ("greeting", "unknown", nil), ("request", nil, "phrases"), ("request", "", "phrases"),
            ("hello", "unknown", "phrases"), ("for_key", 0, "pauses_in_milliseconds"),
            ("for_key", nil, "pauses_in_milliseconds"), ("before", 10, "pauses_in_milliseconds"),
        ] as [(String, JSONValue?, String?)])
    func refused(name: String, value: JSONValue?, outer: String?) throws {
        let bytes = try Self.changed(name, to: value, in: outer)
        #expect(throws: PhraseError.self) { try PhraseBook(parsing: bytes) }
    }

    @Test("What is no JSON, or too long, is refused")
    func malformed() {
        #expect(throws: PhraseError.malformed("the JSON text ends too early")) {
            try PhraseBook(parsing: Array("{".utf8))
        }
        #expect(throws: PhraseError.tooLong) { try PhraseBook(parsing: [UInt8](repeating: 0x20, count: 65 * 1024)) }
    }
}
