// What a button of the page sends.

import CardDevice

/// `key=OK&view=list`, and nothing else: a field twice, an unknown one or an escape is refused.
struct PressForm: Hashable {
    /// What the browser wants to see next.
    enum View: String {
        /// The page with all cards.
        case list
        /// The page of this card.
        case card
        /// Only the display, for the script.
        case display
    }

    let key: CardKey
    let view: View

    init?(_ body: String) {
        var fields: [Substring: Substring] = [:]
        for pair in body.split(separator: "&", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, fields.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        guard fields.count == 2, let key = fields["key"].flatMap({ CardKey(rawValue: String($0)) }),
            let view = fields["view"].flatMap({ View(rawValue: String($0)) })
        else { return nil }
        self.key = key
        self.view = view
    }
}
