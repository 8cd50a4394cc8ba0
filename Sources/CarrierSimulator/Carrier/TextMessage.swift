import Time

/// By which protocol a text came.
enum Way: String, CaseIterable, Sendable { case http, smpp }

/// One of several messages that make a text.
struct TextPart: Hashable, Sendable {
    /// The same in all parts of a text.
    let reference: Int
    /// From 1.
    let number: Int
    let total: Int
}

/// A text as a door took it, before the carrier has decided anything.
struct Submission: Hashable, Sendable {
    var way: Way
    /// The sender's own name for it; nil for one of ours.
    var reference: String?
    var to: PhoneNumber
    var from: String
    var text: String
    /// How many messages of the network it took.
    var parts = 1
    /// After it the carrier gives up.
    var expires: Instant?
    var receipts = ReceiptAddress.nowhere
}

/// Where receipts go.
enum ReceiptAddress: Hashable, Sendable {
    case nowhere
    /// By POST.
    case callback(String)
    /// To any connection that is bound under this name.
    case system(String)
}

/// A text that the carrier took.
struct TextMessage: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case onItsWay = "on_its_way"
        /// The telephone is off.
        case buffered
        case delivered
        /// Taken, and dropped without a word.
        case lost
        case undeliverable
        case expired

        var isFinal: Bool { ![.onItsWay, .buffered].contains(self) }
    }

    struct SentReceipt: Hashable, Sendable {
        let status: ReceiptStatus
        let at: Instant
    }

    /// Counts all texts and calls.
    let number: Int
    /// As answers and receipts name it; one for each part.
    let references: [String]
    let submission: Submission
    let received: Instant
    var state = State.onItsWay
    var arrived: Instant?
    /// Receipts that went out for it.
    var receipts: [SentReceipt] = []
    var hasReported = false

    var reference: String { self.references.last ?? "" }

    /// A login code in it, so that it can be copied: what stands after `#` in a last line bound to a host, else the first
    /// 4 to 10 digits that stand alone.
    var code: String? {
        let text = self.submission.text
        let last = text.split(separator: "\n").last ?? ""
        if last.hasPrefix("@"), let mark = last.firstIndex(of: "#") {
            let code = last[last.index(after: mark)...]
            if Self.isCode(code) { return String(code) }
        }
        let words = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return words.first(where: Self.isCode).map(String.init)
    }

    private static func isCode(_ word: Substring) -> Bool {
        (4...10).contains(word.utf8.count) && word.utf8.allSatisfy(isDigit)
    }
}
