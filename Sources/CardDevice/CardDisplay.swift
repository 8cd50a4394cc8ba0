// What can be read on a security card.

/// The two lines of the display. A PIN never appears in it.
package struct CardDisplay: Hashable, Sendable {
    /// What the card asks for.
    package enum Prompt: String, Hashable, Sendable {
        case pin = "PIN>"
        case challenge = "CHALLNG>"
    }

    /// Whether the card is on.
    package let isOn: Bool
    /// What it asks for; nil while it is off or shows a response.
    package let prompt: Prompt?
    /// The digits typed, asterisks for those of a PIN, or the response.
    package let text: String
    /// When it goes dark if nothing is pressed, on the clock of the presses, in milliseconds; nil while it is off.
    package let darkAt: Int64?

    /// Both lines as one text, as a person would read them out; empty while the card is off.
    package var line: String {
        [self.prompt?.rawValue, self.text].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
