// A client's wish to end the session (OpenID Connect RP-Initiated Logout 1.0 section 2).

package import Encodings

/// A well-formed request. It ends nothing by itself: anybody can make a browser send one, so without an `id_token_hint`
/// for the very session the user is asked first.
package struct LogoutRequest: Sendable {
    /// Opaque: whoever uses it checks its signature first; an expired one still names its session.
    package let idTokenHint: String?
    package let clientID: String?
    package let postLogoutRedirectURI: String?
    package let state: String?
    package let uiLocales: [String]

    package init(_ fields: FormFields) throws(LogoutError) {
        self.idTokenHint = try Self.text("id_token_hint", maximum: 8_192, in: fields)
        self.clientID = try Self.text("client_id", maximum: 256, in: fields)
        self.postLogoutRedirectURI = try Self.text("post_logout_redirect_uri", maximum: 2_000, in: fields)
        let state = fields.parameter("state")
        guard state.map({ ParameterSyntax.isPrintable($0, maximum: 2_048) }) ?? true else { throw .malformed("state") }
        self.state = state
        let locales = fields.parameter("ui_locales")
            .map { ParameterSyntax.list($0, maximum: 32, where: ParameterSyntax.isLanguageTag) }
        guard let locales = locales ?? [] else { throw .malformed("ui_locales") }
        self.uiLocales = locales
    }

    /// Where the browser goes after the logout; `nil` if the client did not say.
    ///
    /// - Parameters:
    ///   - registered: the addresses after logout of the client that the hint or `client_id` names. If they name two
    ///     clients, the caller refuses the request.
    ///   - native: as in `RedirectURI.matches`.
    package func location(registered: [RedirectURI], native: Bool) throws(LogoutError) -> String? {
        guard let requested = self.postLogoutRedirectURI else { return nil }
        guard let uri = registered.lazy.compactMap({ $0.resolve(requested, native: native) }).first else {
            throw .redirectNotRegistered
        }
        return AuthorizationResponse.location(uri.text, [("state", self.state)])
    }

    private static func text(_ name: String, maximum: Int, in fields: FormFields) throws(LogoutError) -> String? {
        guard let text = fields.parameter(name) else { return nil }
        guard ParameterSyntax.isVisible(text, maximum: maximum) else { throw .malformed(name) }
        return text
    }
}

/// Why a logout request was refused. The edge shows a page and never redirects.
package enum LogoutError: Error, Hashable, Sendable {
    case malformed(String)
    case redirectNotRegistered
}
