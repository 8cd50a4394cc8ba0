import Time

/// How far a text came, as a receipt says it.
enum ReceiptStatus: String, CaseIterable, Sendable {
    case buffered, delivered, expired, undeliverable

    /// The network's own code; nil where all is well.
    var code: String? {
        switch self {
        case .buffered, .delivered: nil
        case .expired: "031"
        case .undeliverable: "027"
        }
    }
}

/// What the carrier says later of a text, true or not.
struct Receipt: Hashable, Sendable {
    let address: ReceiptAddress
    let reference: String
    let to: PhoneNumber
    let from: String
    let status: ReceiptStatus
    /// The text's beginning, which SMSCs repeat.
    let echo: String
    let received: Instant
    let at: Instant
    /// The text that it tells of; nil for a text that there never was.
    let number: Int?
}
