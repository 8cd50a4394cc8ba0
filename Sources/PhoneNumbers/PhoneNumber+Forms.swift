// The forms of a number that hide it, in part.

extension PhoneNumber {
    /// For pages, notices and the audit trail: `+852 •••• ••67`.
    ///
    /// The calling code and the last two digits, never more: enough for the owner to know which of his telephones it is, while
    /// a stranger with the password learns little, and cannot put the number together from what several firms show.
    package var masked: String {
        var hidden = self.nationalDigits.count - 2
        let code = "+\(self.callingCode)"
        return code
            + String(
                self.international.dropFirst(code.count).map { character in
                    guard character.isWholeNumber, hidden > 0 else { return character }
                    hidden -= 1
                    return "•"
                })
    }

    /// The last two digits, for a sentence: "the number ending in 67".
    package var lastDigits: String { String(self.e164.suffix(2)) }

    /// For statistics by carrier: the calling code and the first national digits, `+852512`.
    ///
    /// - Parameter digits: how many national digits, 0 or more. Four at least stay hidden, so that it never names one telephone.
    package func carrierPrefix(digits: Int = 3) -> String {
        let national = self.nationalDigits
        return "+\(self.callingCode)\(national.prefix(max(0, min(digits, national.count - 4))))"
    }
}

// What is printed by accident is the masked form, however it is printed.
extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { self.masked }
    package var debugDescription: String { self.masked }
    package var customMirror: Mirror { Mirror(self, children: ["masked": self.masked]) }
}
