/// How strongly somebody had proven himself who bound a card. The raw values are schema.
package enum BindingStrength: String, Hashable, Sendable, CaseIterable, Comparable {
    /// A password alone, or the word of the staff.
    case singleFactor = "single_factor"
    /// A password and a code by text or voice: a restricted authenticator (SP 800-63B-4 section 3.2.9), weaker than a card.
    case restrictedFactor = "restricted_factor"
    case multiFactor = "multi_factor"

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .singleFactor: 0
        case .restrictedFactor: 1
        case .multiFactor: 2
        }
    }
}
