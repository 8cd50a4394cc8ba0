/// How strongly somebody had proven himself who bound a card. The raw values are schema.
package enum BindingStrength: String, Hashable, Sendable, CaseIterable, Comparable {
    /// A password alone, or the word of the staff.
    case singleFactor = "single_factor"
    case multiFactor = "multi_factor"

    package static func < (left: Self, right: Self) -> Bool { left == .singleFactor && right == .multiFactor }
}
