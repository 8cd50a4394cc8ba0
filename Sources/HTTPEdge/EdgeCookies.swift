package import Flows
internal import HTTPTypes
package import Hummingbird
package import Identifiers

/// The server's cookies. Ports do not tell cookies of one host apart, so the names are the server's own. `Secure` and
/// the `__Host-` prefix, which keeps other hosts of the domain from planting them, only where the issuer is https: scripts
/// on http never send them back. There a cookie cannot be bound to a path, so a login's has its id in the name.
package struct EdgeCookies: Sendable {
    private let isSecure: Bool

    package init(isSecure: Bool) { self.isSecure = isSecure }

    /// The login's second secret, which is for this login's pages alone.
    package func login(_ ticket: LoginTicket) -> Cookie {
        self.cookie(
            self.loginName(ticket.id), ticket.secret.text, maximumAge: 900,
            path: self.isSecure ? "/" : "/login/\(ticket.id.text)")
    }

    package func loginSecret(of id: LoginID, in request: Request) -> SecretToken? {
        self.secret(self.loginName(id), in: request)
    }

    package func session(_ secret: SecretToken) -> Cookie { self.cookie(self.sessionName, secret.text, path: "/") }
    package func sessionSecret(in request: Request) -> SecretToken? { self.secret(self.sessionName, in: request) }
    package func endedSession() -> Cookie { self.cookie(self.sessionName, "", maximumAge: 0, path: "/") }

    /// What makes a browser known for the users that have completed a login in it.
    package func device(_ secret: SecretToken) -> Cookie {
        self.cookie(self.deviceName, secret.text, maximumAge: 400 * 86_400, path: "/")
    }

    package func deviceSecret(in request: Request) -> SecretToken? { self.secret(self.deviceName, in: request) }

    /// What ties the forms of a page to the browser where there is no login and no session.
    package func form(_ secret: SecretToken) -> Cookie { self.cookie(self.formName, secret.text, path: "/") }
    package func formSecret(in request: Request) -> SecretToken? { self.secret(self.formName, in: request) }

    /// What opens an attempt to recover a password.
    package func recovery(_ secret: SecretToken) -> Cookie {
        self.cookie(self.recoveryName, secret.text, maximumAge: 900, path: "/")
    }

    package func recoverySecret(in request: Request) -> SecretToken? { self.secret(self.recoveryName, in: request) }
    package func endedRecovery() -> Cookie { self.cookie(self.recoveryName, "", maximumAge: 0, path: "/") }

    /// - Parameter isChosen: whether its reader has chosen it on a page of ours. Else it is what the pages are shown in, and
    ///   nothing more.
    package func language(_ code: String, isChosen: Bool) -> Cookie {
        self.cookie(
            Self.languageName, isChosen ? code : Self.shownMark + code, maximumAge: 400 * 86_400, path: "/")
    }

    /// What pages are shown in.
    package func language(in request: Request) -> Language? { self.languageWithChoice(in: request)?.language }

    private func languageWithChoice(in request: Request) -> (language: Language, isChosen: Bool)? {
        guard let value = request.cookies[Self.languageName]?.value else { return nil }
        let isChosen = !value.hasPrefix(Self.shownMark)
        let code = isChosen ? value : String(value.dropFirst(Self.shownMark.count))
        return Language(rawValue: code).map { ($0, isChosen) }
    }

    /// Where a request came from, with the language that its page is in.
    package func origin(_ request: Request, _ context: EdgeContext) -> RequestOrigin {
        var origin = context.origin
        if let (language, isChosen) = self.languageWithChoice(in: request) {
            origin.language = language.rawValue
            origin.isLanguageChosen = isChosen
        }
        return origin
    }

    private func loginName(_ id: LoginID) -> String {
        self.isSecure ? "__Host-countersign-login-\(id.text)" : "countersign-login"
    }
    private var sessionName: String { self.isSecure ? "__Host-countersign-session" : "countersign-session" }
    private var deviceName: String { self.isSecure ? "__Host-countersign-device" : "countersign-device" }
    private var formName: String { self.isSecure ? "__Host-countersign-form" : "countersign-form" }
    private var recoveryName: String { self.isSecure ? "__Host-countersign-recovery" : "countersign-recovery" }
    private static let languageName = "countersign-language"
    private static let shownMark = "shown."

    private func secret(_ name: String, in request: Request) -> SecretToken? {
        request.cookies[name].flatMap { SecretToken($0.value) }
    }

    private func cookie(_ name: String, _ value: String, maximumAge: Int? = nil, path: String) -> Cookie {
        Cookie(
            name: name, value: value, maxAge: maximumAge, path: path, secure: self.isSecure, httpOnly: true,
            sameSite: .lax)
    }
}
