internal import Applications
internal import Authenticators
internal import CarrierGuidance
internal import Flows
internal import HTTPEdge
internal import Login

/// What to do when no code arrives, in the order in which it helps most: another authenticator, the telephone itself, a
/// call, the carrier. It knows what the server knows.
struct LoginHelpPage: Sendable {
    let guidance: GuidanceLibrary
    /// What a text comes from, as the telephone shows it: a name or a number.
    let sender: String

    func values(_ help: CodeHelp, base: String, library: PageLibrary, _ messages: Messages) -> [String: Any] {
        let guidance = self.guidance.guidance(
            for: help.region, language: messages.language.rawValue, sender: self.sender,
            firm: library.firm(in: messages.language))
        var values: [String: Any] = [
            "back_href": base, "carrier_heading": guidance.title,
            "checked": messages.text("code.help_page.checked", ["month": guidance.checked]),
            "sections": guidance.sections.map { section -> [String: Any] in
                [
                    "heading": section.heading, "items": section.items,
                    "is_words": section.kind == Guidance.Section.Kind.words,
                ]
            },
        ]
        if let challenge = help.view.state.code {
            let code = CodeOnItsWay(challenge, help.view.delivery, to: help.view.phoneLabel ?? "")
            values.merge(CodeWords.challenge(code, messages, surface: help.view.surface, at: help.view.at)) { $1 }
            values.merge(LoginPages.following(code, base)) { $1 }
            values["send_action"] = "\(base)/code"
            values["here"] = messages.text("code.help_page.here.\(help.view.surface.rawValue)")
        }
        if help.hasOther { values["other_action"] = "\(base)/other" }
        return values
    }
}

extension LoginView {
    /// The last digits of the number that is asked.
    var phoneLabel: String? {
        guard case .awaitingResponse(let state) = self.state else { return nil }
        return state.factor.label
    }
}
