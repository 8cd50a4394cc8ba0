/// A telephone number as E.164 writes it: a plus sign and 7 to 15 digits, the first not 0.
struct PhoneNumber: Hashable, Sendable {
    let digits: String

    var text: String { "+\(self.digits)" }

    init?(_ text: some StringProtocol) {
        guard text.hasPrefix("+") else { return nil }
        self.init(digits: text.dropFirst())
    }

    init?(digits: some StringProtocol) {
        guard (7...15).contains(digits.utf8.count), digits.utf8.allSatisfy(isDigit), !digits.hasPrefix("0") else {
            return nil
        }
        self.digits = String(digits)
    }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
