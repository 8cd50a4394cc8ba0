// The character sets and lists that OAuth parameters are made of (RFC 6749 appendix A).

package import Encodings

extension FormFields {
    /// A parameter sent without a value counts as omitted (RFC 6749 section 3.1).
    package func parameter(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}

/// Tests of a parameter's bytes. Each works on UTF-8: `Character` would let combining marks through.
enum ParameterSyntax {
    /// %x20-7E (`VSCHAR`): a client's own words, which go back to it unchanged.
    static func isPrintable(_ text: String, maximum: Int) -> Bool {
        (1...maximum).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// %x21-7E: what we take for codes, identifiers and the like.
    static func isVisible(_ text: some StringProtocol, maximum: Int) -> Bool {
        (1...maximum).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// `scope-token` (RFC 6749 section 3.3): visible, but no quotation mark and no backslash.
    static func isScopeToken(_ text: some StringProtocol) -> Bool {
        self.isVisible(text, maximum: 256)
            && !text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    }

    /// A well-formed BCP 47 tag as far as its shape goes: letters, then subtags of 1 to 8 letters and digits.
    static func isLanguageTag(_ text: some StringProtocol) -> Bool {
        let subtags = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard subtags.count <= 16, subtags[0].allSatisfy(\.isLetter) else { return false }
        return subtags.allSatisfy { (1...8).contains($0.count) && $0.allSatisfy { $0.isLetter || $0.isDigit } }
    }

    /// The items of a list with exactly one space between them, each once; `nil` if an item is refused.
    static func list(_ text: String, maximum: Int, where isItem: (Substring) -> Bool) -> [String]? {
        let items = text.split(separator: " ", omittingEmptySubsequences: false)
        guard items.count <= maximum, items.allSatisfy(isItem) else { return nil }
        var seen: Set<Substring> = []
        return items.filter { seen.insert($0).inserted }.map(String.init)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLowercase: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isLetter: Bool { (self | 0x20).isLowercase }
}
