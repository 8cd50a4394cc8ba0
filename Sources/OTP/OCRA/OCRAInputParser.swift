// The third part of a suite: which inputs are hashed, each at most once and in this order (RFC 6287 section 6.3).

/// Takes `C-QN08-PSHA1-S064-T1M` apart from the left.
struct OCRAInputParser {
    private var rest: ArraySlice<Substring>

    init(_ text: Substring) {
        self.rest = text.split(separator: "-", omittingEmptySubsequences: false)[...]
    }

    mutating func counter() -> Bool {
        guard self.rest.first == "C" else { return false }
        self.rest.removeFirst()
        return true
    }

    /// `QFxx`: the one input that must be there, with its length always written in two digits.
    mutating func question() throws(OCRAError) -> OCRASuite.QuestionFormat {
        guard let field = self.field("Q") else { throw .malformedInput(String(self.rest.first ?? "")) }
        guard let letter = field.first, let alphabet = OCRASuite.Alphabet(rawValue: letter),
            field.utf8.count == 3, let length = number(field.dropFirst(), in: 4...64)
        else { throw .malformedInput("Q\(field)") }
        return OCRASuite.QuestionFormat(alphabet: alphabet, length: length)
    }

    /// `PH`: the hash function is always named.
    mutating func pinHash() throws(OCRAError) -> OTPHash? {
        guard let field = self.field("P") else { return nil }
        guard let hash = OTPHash(rawValue: String(field)) else { throw .malformedInput("P\(field)") }
        return hash
    }

    /// `Snnn`: three digits. `S000` would say that nothing is hashed, so it is no input.
    mutating func sessionLength() throws(OCRAError) -> Int? {
        guard let field = self.field("S") else { return nil }
        guard field.utf8.count == 3, let length = number(field, in: 1...999) else { throw .malformedInput("S\(field)") }
        return length
    }

    /// `TG`, in seconds. The RFC's table lets hours begin at 0, but time cannot be counted in steps of nothing.
    mutating func timeStep() throws(OCRAError) -> Int64? {
        guard let field = self.field("T") else { return nil }
        let units: [Character: (seconds: Int, most: Int)] = ["S": (1, 59), "M": (60, 59), "H": (3600, 48)]
        guard let letter = field.last, let unit = units[letter],
            let count = number(field.dropLast(), in: 1...unit.most), String(count) == field.dropLast()
        else { throw .malformedInput("T\(field)") }
        return Int64(count * unit.seconds)
    }

    /// Whatever is left was unknown, repeated, or out of order.
    func end() throws(OCRAError) {
        if let left = self.rest.first { throw .malformedInput(String(left)) }
    }

    private mutating func field(_ letter: Character) -> Substring? {
        guard let first = self.rest.first, first.first == letter else { return nil }
        self.rest.removeFirst()
        return first.dropFirst()
    }
}
