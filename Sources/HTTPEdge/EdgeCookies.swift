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

    package func language(_ code: String) -> Cookie {
        self.cookie(Self.languageName, code, maximumAge: 400 * 86_400, path: "/")
    }

    package func language(in request: Request) -> String? { request.cookies[Self.languageName]?.value }

    /// Where a request came from, with the language that was chosen on a page of ours.
    package func origin(_ request: Request, _ context: EdgeContext) -> RequestOrigin {
        var origin = context.origin
        if let chosen = self.language(in: request).flatMap(Language.init(rawValue:)) {
            origin.language = chosen.rawValue
            origin.isLanguageChosen = true
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

    private func secret(_ name: String, in request: Request) -> SecretToken? {
        request.cookies[name].flatMap { SecretToken($0.value) }
    }

    private func cookie(_ name: String, _ value: String, maximumAge: Int? = nil, path: String) -> Cookie {
        Cookie(
            name: name, value: value, maxAge: maximumAge, path: path, secure: self.isSecure, httpOnly: true,
            sameSite: .lax)
    }
}
