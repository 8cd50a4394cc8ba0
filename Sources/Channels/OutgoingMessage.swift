// Channels: what a way to reach a user is told, and what it answers. It decides nothing about who gets what, when, or through
// whom; it keeps nothing, and sends nothing itself.

package import Time

/// One message, ready to go. A retry is the same message: the same id, the same content.
///
/// It holds a code: it is never logged, and has no description.
package struct OutgoingMessage: Sendable {
    package let id: DeliveryID
    /// A telephone number in E.164 with its plus sign, or an e-mail address.
    package let recipient: String
    /// The user's language as a BCP 47 tag: `en`, `zh-Hant` (spoken: Mandarin), `yue-Hant` (spoken: Cantonese).
    package let language: String
    package let content: MessageContent
    /// When it is worth nothing any more: a provider is told so, and nothing is handed over from then on.
    package let expires: Instant
    /// Under what a country's carriers know the text; nil where it needs no registration.
    package let registration: MessageRegistration?

    package init(
        id: DeliveryID, recipient: String, language: String, content: MessageContent, expires: Instant,
        registration: MessageRegistration? = nil
    ) {
        self.registration = registration
        self.id = id
        self.recipient = recipient
        self.language = language
        self.content = content
        self.expires = expires
    }
}

package enum MessageContent: Hashable, Sendable {
    case text(String)
    case call(SpokenCode)
    case mail(subject: String, text: String)
}

/// What a call reads out, once the callee has pressed 1.
package struct SpokenCode: Hashable, Sendable {
    /// Who calls.
    package let firm: String
    /// Decimal digits.
    package let code: String

    package init(firm: String, code: String) {
        self.firm = firm
        self.code = code
    }
}

/// The names under which a country's carriers have registered a text, and who sends it: in India the template id and the
/// principal entity id.
package struct MessageRegistration: Hashable, Sendable {
    package let template: String
    package let entity: String?

    package init(template: String, entity: String?) {
        self.template = template
        self.entity = entity
    }
}
