internal import Channels
internal import Identifiers
internal import SMPP
internal import Time

/// What the places of a template are filled with, for one message.
struct GatewayValues {
    let message: OutgoingMessage
    let text: String
    let sender: String
    let callback: String?
    let alphabets: (gsm: String, unicode: String)
    let credentials: (user: String, password: GatewaySecret)?
    let now: Instant

    subscript(field: GatewayField) -> String? {
        switch field {
        case .to: self.message.recipient
        case .toDigits: String(self.message.recipient.dropFirst())
        case .from: self.sender
        case .text: self.text
        case .id: self.message.id.text
        case .callback: self.callback
        case .seconds: String(self.seconds)
        case .milliseconds: String(self.seconds * 1000)
        case .minutes: String((self.seconds + 59) / 60)
        case .expires: self.message.expires.rfc3339
        case .alphabet: TextAlphabet(for: self.text) == .gsm ? self.alphabets.gsm : self.alphabets.unicode
        case .templateID: self.message.registration?.template
        case .entityID: self.message.registration?.entity
        case .user: self.credentials?.user
        case .password: self.credentials?.password.text
        }
    }

    /// Rounded down: the provider gives up before the code has died, not after.
    private var seconds: Int64 { max(1, (self.message.expires - self.now).milliseconds / 1000) }
}
