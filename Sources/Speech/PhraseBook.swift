internal import Encodings
package import Time

/// What is said in one language, and with which voice. A value of this type is complete: every phrase and digit is there.
package struct PhraseBook: Hashable, Sendable {
    /// A phrase by its name in the file, which is also the name of the recording that replaces it.
    package enum Phrase: String, Hashable, Sendable, CaseIterable {
        /// Who calls, and which keys to press.
        case request
        /// Before the digits.
        case code
        /// Before the digits, the second time.
        case again
        /// After them: key 1 says it all once more.
        case repeating = "repeat"
        case goodbye
        /// After key 9.
        case reported
    }

    package let voice: String
    package let wordsPerMinute: Int64
    package let phrases: [Phrase: String]
    /// Ten, from zero.
    package let digits: [String]
    package let pauses: Pauses

    package struct Pauses: Hashable, Sendable {
        /// Until the telephone is at the ear.
        package let beforeRequest: Span
        /// After a request, for a finger to find its key.
        package let forKey: Span
        package let betweenDigits: Span
        /// After every third digit.
        package let betweenGroups: Span
        package let betweenReadings: Span
    }
}

extension PhraseBook {
    private static let limit = 64 * 1024

    /// Reads a phrase file; anything that it does not know, or that is missing, is refused.
    package init(parsing bytes: [UInt8]) throws(PhraseError) {
        guard bytes.count <= Self.limit else { throw .tooLong }
        do {
            var reader = try JSONObjectReader(try JSONValue(parsing: bytes))
            self.voice = try reader.string("voice", minimum: 1, maximum: 40)
            self.wordsPerMinute = try reader.integer("words_per_minute", in: 80...300)
            var phrases = try reader.object("phrases")
            self.phrases = try Self.phrases(&phrases)
            self.digits = try Self.digits(try reader.array("digits", maximum: 10))
            var pauses = try reader.object("pauses_in_milliseconds")
            self.pauses = try Pauses(&pauses)
            try reader.finish()
        } catch let error as JSONError {
            throw .malformed(error.description)
        } catch let error as JSONMemberError {
            throw .malformed(error.description)
        } catch let error as PhraseError {
            throw error
        } catch {
            throw .malformed("unreadable")
        }
        // It becomes an argument of a program.
        guard self.voice.utf8.allSatisfy(Self.mayStandInVoice), !self.voice.hasPrefix("-") else {
            throw .voice(self.voice)
        }
    }

    private static func phrases(_ reader: inout JSONObjectReader) throws -> [Phrase: String] {
        var phrases: [Phrase: String] = [:]
        for phrase in Phrase.allCases {
            phrases[phrase] = try reader.string(phrase.rawValue, minimum: 1, maximum: 500)
        }
        try reader.finish()
        return phrases
    }

    private static func digits(_ values: [JSONValue]) throws -> [String] {
        let digits = values.compactMap { value -> String? in
            guard case .string(let text) = value, (1...40).contains(text.count) else { return nil }
            return text
        }
        guard digits.count == 10 else { throw PhraseError.digits }
        return digits
    }

    private static func mayStandInVoice(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    /// A phrase as it is said for a firm.
    func text(_ phrase: Phrase, firm: String) -> String {
        (self.phrases[phrase] ?? "").replacing("{firm}", with: firm)
    }
}

extension PhraseBook.Pauses {
    fileprivate init(_ reader: inout JSONObjectReader) throws {
        self.beforeRequest = .milliseconds(try reader.integer("before_request", in: 0...5000))
        self.forKey = .milliseconds(try reader.integer("for_key", in: 100...15000))
        self.betweenDigits = .milliseconds(try reader.integer("between_digits", in: 0...3000))
        self.betweenGroups = .milliseconds(try reader.integer("between_groups", in: 0...5000))
        self.betweenReadings = .milliseconds(try reader.integer("between_readings", in: 0...5000))
        try reader.finish()
    }
}

/// Why a phrase file was refused: for the operator who wrote it.
package enum PhraseError: Error, Hashable, Sendable {
    case tooLong
    case malformed(String)
    case voice(String)
    /// Not ten of them, or one is no short text.
    case digits
}

extension PhraseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong: "the phrase file is longer than 64 KiB"
        case .malformed(let what): what
        case .voice(let voice):
            "“\(voice)” is no name of a voice: letters, digits, - and +, as espeak-ng --voices lists them"
        case .digits: "digits is not an array of ten short texts, from zero to nine"
        }
    }
}
