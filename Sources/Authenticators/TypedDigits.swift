/// What the user typed where so many digits are asked for: spaces and dashes are how people group them.
struct TypedDigits {
    let text: String

    init(_ typed: String, count: Int) throws(TypedDigitsError) {
        guard typed.utf8.count <= 64 else { throw .malformed(digits: count) }
        let digits = typed.unicodeScalars.filter { !$0.properties.isWhitespace && $0.properties.isDash == false }
        guard !digits.isEmpty else { throw .missing }
        guard digits.count == count, digits.allSatisfy({ ("0"..."9").contains($0) }) else {
            throw .malformed(digits: count)
        }
        self.text = String(String.UnicodeScalarView(digits))
    }
}

/// Why an answer was not even compared. Never carries what was typed.
package enum TypedDigitsError: Error, Hashable, Sendable {
    case missing
    case malformed(digits: Int)
}
