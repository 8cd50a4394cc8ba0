internal import Authenticators
internal import Flows

/// What a user is told who has nothing better than a telephone number (SP 800-63B-4 section 3.2.9): the risk, what is
/// better, and a button that says that he knows.
enum RestrictedWords {
    /// - Parameter part: the page that it stands on, to which the button leads back.
    static func panel(_ factor: RestrictedFactor, _ part: AccountPart, _ messages: Messages) -> [String: Any] {
        var values: [String: Any] = [
            "page": part.rawValue,
            "better": messages.text("account.restricted.\(factor.mayOrder ? "better" : "on_its_way")"),
        ]
        if factor.mayOrder { values["order_href"] = "/account/cards/order" }
        if factor.mustAcknowledge {
            values["acknowledge_action"] = "/account/phone/acknowledge"
        } else if let at = factor.phone.binding.acknowledged {
            values["acknowledged"] = messages.text("account.restricted.acknowledged", ["date": at.minuteText])
        }
        return values
    }
}
