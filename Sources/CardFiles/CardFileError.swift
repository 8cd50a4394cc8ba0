package import CSV
internal import OTP
package import PSKC

/// Why a file of cards is refused, and on which line. It never carries a key, a PIN or a password.
package struct CardFileError: Error, Hashable, Sendable {
    package let line: Int
    package let reason: Reason

    package enum Reason: Hashable, Sendable {
        case unreadable(String)
        case pskc(PSKCError.Reason)
        case csv(CSVError.Reason)
        case card(CardFault)
        case noCards
        case missingColumn(String)
        case unknownColumn(String)
        case repeatedColumn(String)
        case fieldCount(expected: Int, given: Int)
    }

    init(line: Int, _ reason: Reason) {
        self.line = line
        self.reason = reason
    }
}

/// What is wrong with one card.
package enum CardFault: Hashable, Sendable {
    case missing(String)
    case malformed(String)
    case malformedSerial
    case duplicateSerial(String, firstLine: Int)
    case notOCRA
    /// nil for a text that is no OCRA suite at all.
    case unsupportedSuite(String?)
    case formatContradictsSuite(String)
    case keyLength(Int)
    case malformedPIN(lengths: ClosedRange<Int>)
    case pinLengths
    case pinMode
    case pinEncoding
    case missingPINKey(String)
    case strayPINKey
    case usage
    case transactions
    case expiresBeforeStart
}

extension CardFault {
    /// The text is repeated only if it is a suite: with columns exchanged it would be a key.
    static func unsupported(suite text: String) -> Self {
        .unsupportedSuite((try? OCRASuite(parsing: text)).map { $0.text })
    }
}

extension CardFileError: CustomStringConvertible {
    package var description: String { "line \(self.line): \(self.reason)" }
}

extension CardFileError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let why): "the file cannot be read: \(why)"
        case .pskc(let reason): "\(reason)"
        case .csv(let reason): "\(reason)"
        case .card(let fault): "\(fault)"
        case .noCards: "there is no card in the file"
        case .missingColumn(let name): "the first line must name the columns, and \(name) is not among them"
        case .unknownColumn(let name): "there is no column called \"\(name)\""
        case .repeatedColumn(let name): "the column \(name) is there twice"
        case .fieldCount(let expected, let given): "there are \(given) fields, and the first line names \(expected)"
        }
    }
}

extension CardFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let name): "\(name) is missing"
        case .malformed(let name): "\(name) is malformed"
        case .malformedSerial: "the serial number is not 4 to 64 visible ASCII characters"
        case .duplicateSerial(let serial, let line): "the card \(serial) is on line \(line) already"
        case .notOCRA: "the algorithm is not \(PSKCKey.ocra)"
        case .unsupportedSuite(let suite?): "no card has the suite \(suite)"
        case .unsupportedSuite(nil): "the suite is no OCRA suite (OCRA-1:…)"
        case .formatContradictsSuite(let name): "\(name) does not agree with the suite"
        case .keyLength(let count): "the key has \(count) bytes; a card's has 16 to 64"
        case .malformedPIN(let lengths): "the PIN is not \(lengths.lowerBound) to \(lengths.upperBound) digits"
        case .pinLengths: "the PIN's least and greatest length allow none of 4 to 8 digits"
        case .pinMode: "the PIN is not used in the computation (PINUsageMode Algorithmic), as the suite has it"
        case .pinEncoding: "the PIN is not made of digits (PINEncoding DECIMAL)"
        case .missingPINKey(let id): "the PIN is said to be the key \(id), which is not in the file"
        case .strayPINKey: "no card has this PIN"
        case .usage: "the key may not be used for challenge and response (KeyUsage CR)"
        case .transactions: "the key may be used only so many times (NumberOfTransactions), which nothing here counts"
        case .expiresBeforeStart: "the card expires before it may be used"
        }
    }
}
