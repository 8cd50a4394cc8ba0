/// A text ready for `short_message`: one message, or as many as it takes, each with its place in the whole.
package struct EncodedText: Sendable {
    package let alphabet: TextAlphabet
    /// With their headers, where there are several.
    package let parts: [[UInt8]]

    package var messageClass: MessageClass { self.parts.count > 1 ? .withHeader : .plain }

    /// - Parameters:
    ///   - reference: the same in all parts, and another for the next long text to the same number.
    ///   - preferred: taken where it has every character.
    package init(_ text: String, reference: UInt8, preferring preferred: TextAlphabet = .gsm) throws(SMPPError) {
        let alphabet = TextAlphabet(for: text, preferring: preferred)
        let contents = Self.split(text, alphabet)
        guard let total = UInt8(exactly: contents.count) else { throw .tooManyParts }
        self.alphabet = alphabet
        guard total > 1 else {
            self.parts = contents
            return
        }
        self.parts = zip(1...total, contents).map { number, content in
            Concatenation(reference: UInt16(reference), total: total, number: number).header + content
        }
    }

    /// How many messages a text takes, which is what it costs.
    package static func count(_ text: String, preferring preferred: TextAlphabet = .gsm) -> Int {
        self.split(text, TextAlphabet(for: text, preferring: preferred)).count
    }

    private static func split(_ text: String, _ alphabet: TextAlphabet) -> [[UInt8]] {
        let atoms = text.unicodeScalars.map(alphabet.atom)
        let whole = atoms.reduce(0) { $0 + $1.count }
        guard whole > alphabet.whole else { return [Array(atoms.joined())] }
        var parts: [[UInt8]] = [[]]
        for atom in atoms {
            if parts[parts.count - 1].count + atom.count > alphabet.part { parts.append([]) }
            parts[parts.count - 1] += atom
        }
        return parts
    }
}

/// It is a message's text.
extension EncodedText: CustomStringConvertible, CustomReflectable {
    package var description: String { "EncodedText(\(self.parts.count) parts)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
