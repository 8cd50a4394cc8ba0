/// How far the SMSC has come with a message (section 5.2.28), and as receipts spell it (appendix B).
package enum MessageState: UInt8, Hashable, Sendable, CaseIterable {
    case enroute = 1
    case delivered = 2
    case expired = 3
    case deleted = 4
    case undeliverable = 5
    case accepted = 6
    case unknown = 7
    case rejected = 8

    /// The seven letters of a receipt's `stat`.
    package var word: String {
        switch self {
        case .enroute: "ENROUTE"
        case .delivered: "DELIVRD"
        case .expired: "EXPIRED"
        case .deleted: "DELETED"
        case .undeliverable: "UNDELIV"
        case .accepted: "ACCEPTD"
        case .unknown: "UNKNOWN"
        case .rejected: "REJECTD"
        }
    }

    /// In capitals or small letters; nil for a vendor's own word.
    package init?(word: String) {
        guard let state = Self.allCases.first(where: { $0.word == word.uppercased() }) else { return nil }
        self = state
    }
}
