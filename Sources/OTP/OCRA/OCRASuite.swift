// OCRA: OATH Challenge-Response Algorithm (RFC 6287).
// This file: what a suite says, and the small types of its parts.

/// A parsed OCRA suite, for example `OCRA-1:HOTP-SHA256-8:QN06-PSHA1`.
///
/// A value of this type is always a suite that can be computed: parse at the edge, then trust it.
public struct OCRASuite: Hashable, Sendable {
    /// What a challenge is made of (section 6.3).
    public enum Alphabet: Character, Hashable, Sendable, CaseIterable {
        /// ASCII letters and digits.
        case alphanumeric = "A"
        /// ASCII digits.
        case numeric = "N"
        /// ASCII hexadecimal digits, in either case.
        case hexadecimal = "H"
    }

    /// The form of a challenge: `QN08` is numeric, up to 8 long.
    public struct QuestionFormat: Hashable, Sendable {
        /// What the challenge is made of.
        public let alphabet: Alphabet
        /// The longest challenge, in characters: 4 to 64.
        public let length: Int
    }

    /// The text exactly as given. It is part of what is hashed (section 5.1).
    public let text: String
    /// The function of the HMAC.
    public let hash: OTPHash
    /// The length of a response: 4 to 10 digits, or 0 for the whole HMAC.
    public let digits: Int
    /// Whether an 8-byte counter is hashed (`C`).
    public let usesCounter: Bool
    /// The form of the challenge (`Q`).
    public let question: QuestionFormat
    /// The function that hashes the PIN (`P`), or nil if the suite has none.
    public let pinHash: OTPHash?
    /// The length of the session information (`S`) in bytes, 1 to 999, or nil if the suite has none.
    public let sessionLength: Int?
    /// The time step (`T`) in seconds, or nil if the suite has none.
    public let timeStep: Int64?

    /// Parses a suite; anything the grammar of section 6 does not name is refused, not repaired and not ignored.
    ///
    /// - Throws: ``OCRAError/malformedSuite(_:)``, ``OCRAError/unsupportedVersion(_:)``,
    ///   ``OCRAError/unsupportedFunction(_:)`` or ``OCRAError/malformedInput(_:)``.
    public init(parsing text: String) throws(OCRAError) {
        let parts = try Self.parts(of: text)
        (self.hash, self.digits) = try Self.function(parts[1])

        var input = OCRAInputParser(parts[2])
        self.usesCounter = input.counter()
        self.question = try input.question()
        self.pinHash = try input.pinHash()
        self.sessionLength = try input.sessionLength()
        self.timeStep = try input.timeStep()
        try input.end()
        self.text = text
    }

    /// The three parts between the colons, the first of them checked (section 6.1).
    private static func parts(of text: String) throws(OCRAError) -> [Substring] {
        // Swift compares strings by canonical equivalence, which only texts outside ASCII can exploit.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .malformedSuite(text) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformedSuite(text) }
        guard parts[0] == "OCRA-1" else { throw .unsupportedVersion(String(parts[0])) }
        return parts
    }

    /// `HOTP-SHA256-8` (section 6.2).
    private static func function(_ text: Substring) throws(OCRAError) -> (OTPHash, Int) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HOTP", let hash = OTPHash(rawValue: String(parts[1])),
            let digits = number(parts[2], in: 0...10), digits == 0 || digits >= 4, String(digits) == parts[2]
        else { throw .unsupportedFunction(String(text)) }
        return (hash, digits)
    }
}

/// `Int.init` also takes "+6", which would give one suite two spellings.
func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = Int(text), range.contains(number)
    else { return nil }
    return number
}
