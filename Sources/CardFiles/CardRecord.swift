// CardFiles: security cards as their maker writes them down, in a file. Not here: stock, owners, the store, and what time
// it is: whether a card has expired, the caller judges.

package import Authenticators
package import Time

/// One card of a file, checked: it can go into the stock as it is. It neither prints nor mirrors its key and PIN.
package struct CardRecord: Sendable {
    /// Where it stands in the file, from 1.
    package let line: Int
    package let serial: CardSerial
    package let suite: CardSuite
    /// ``keyByteCounts`` long.
    package let key: [UInt8]
    /// 4 to 8 digits, if the maker chose one.
    package let pin: String?
    package let pinPolicy: CardPINPolicy
    /// The card may be used from here on.
    package let starts: Instant?
    /// The card may be used up to and with this instant (RFC 6030 section 5).
    package let expires: Instant?
    package let manufacturer: String?
    package let model: String?
    package let issuer: String?

    /// RFC 4226 section 4, R6 sets the shortest. HMAC hashes what is longer than its block, so that more adds nothing.
    package static let keyByteCounts = 16...64
}

extension CardRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "CardRecord(\(self.serial))" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: ["serial": self.serial]) }
}

/// What is printed on the card: 4 to 64 visible ASCII characters, with spaces only inside.
package struct CardSerial: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard (4...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            text.first != " ", text.last != " "
        else { return nil }
        self.text = text
    }

    package var description: String { self.text }
}

/// What the maker demands of the PIN.
package struct CardPINPolicy: Hashable, Sendable {
    /// In digits.
    package let lengths: ClosedRange<Int>
    /// After so many wrong ones in a row the card must not be used any more; nil if the maker sets no limit.
    package let maximumFailures: Int?

    /// What the server takes at all.
    package static let allowedLengths = 4...8
    package static let standard = Self(lengths: Self.allowedLengths, maximumFailures: nil)

    package init(lengths: ClosedRange<Int>, maximumFailures: Int? = nil) {
        self.lengths = lengths
        self.maximumFailures = maximumFailures
    }

    func allows(_ pin: String) -> Bool {
        self.lengths.contains(pin.utf8.count) && pin.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
