internal import Applications
internal import Authenticators
internal import Flows
internal import Login
internal import Time

/// The page on which the user types the code that went to his telephone number.
extension LoginPages {
    func code(
        _ challenge: CodeChallenge, _ state: AwaitingResponse, _ view: LoginView, _ base: String, _ messages: Messages
    ) -> [String: Any] {
        let code = CodeOnItsWay(challenge, view.delivery, to: state.factor.label)
        var values = CodeWords.challenge(code, messages, surface: view.surface, at: view.at)
        values.merge(Self.following(code, base)) { $1 }
        values["go_on"] = messages.text("code.go_on.\(view.surface.rawValue)")
        values["action"] = "\(base)/response"
        values["send_action"] = "\(base)/code"
        values["help_href"] = "\(base)/help"
        if state.subject.authenticators.count > 1 { values["other_action"] = "\(base)/other" }
        if let wrong = state.lastWrong {
            values.merge(CodeWords.wrong(triesLeft: wrong.triesLeft, isOlderCode: wrong.isOlderCode, messages)) { $1 }
            if let block = wrong.nextBlock {
                values["warning"] = messages.text("code.warning", ["duration": messages.duration(block)])
            }
        }
        values.merge(CodeWords.errors(view.notice, messages, at: view.at)) { $1 }
        return values
    }
}
