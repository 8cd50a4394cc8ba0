// The parameters of an authorization request, one rule each (OpenID Connect Core 3.1.2.1).

internal import Encodings

/// Reads parameters for `AuthorizationRequest`. The state is read first, so that every later error can carry it.
struct AuthorizationParameters {
    private let fields: FormFields
    let state: String?

    init(_ fields: FormFields) throws(AuthorizationError) {
        self.fields = fields
        let state = fields.parameter("state")
        guard state.map({ ParameterSyntax.isPrintable($0, maximum: 2_048) }) ?? true else {
            throw AuthorizationError(.invalidRequest, "state is not up to 2048 printable ASCII characters", state: nil)
        }
        self.state = state
    }

    /// A request object first: what stands beside it would not be the request.
    func refuseUnsupported() throws(AuthorizationError) {
        guard self.fields.parameter("request") == nil else {
            throw self.error(.requestNotSupported, "request objects are not supported")
        }
        guard self.fields.parameter("request_uri") == nil else {
            throw self.error(.requestURINotSupported, "request_uri is not supported")
        }
        guard ["query", nil].contains(self.fields.parameter("response_mode")) else {
            throw self.error(.invalidRequest, "response_mode must be query")
        }
        guard let type = self.fields.parameter("response_type") else {
            throw self.error(.invalidRequest, "response_type is missing")
        }
        guard type == "code" else { throw self.error(.unsupportedResponseType, "response_type must be code") }
    }

    func checkIgnored() throws(AuthorizationError) {
        guard ["page", "popup", "touch", "wap", nil].contains(self.fields.parameter("display")) else {
            throw self.error(.invalidRequest, "display must be page, popup, touch or wap")
        }
        _ = try self.list("claims_locales", where: ParameterSyntax.isLanguageTag)
    }

    func claims() throws(AuthorizationError) -> ClaimsRequest {
        guard let text = self.fields.parameter("claims") else { return .nothing }
        do {
            return try ClaimsRequest(parsing: text)
        } catch {
            throw self.error(.invalidRequest, "claims is not a JSON object as in OpenID Connect Core 5.5")
        }
    }

    func scopes(allowed: Set<String>) throws(AuthorizationError) -> [String] {
        let scope = self.fields.parameter("scope") ?? ""
        guard let asked = ParameterSyntax.list(scope, maximum: 64, where: ParameterSyntax.isScopeToken) else {
            throw self.error(.invalidScope, "scope is not a list of scope tokens with openid among them")
        }
        guard asked.contains("openid") else { throw self.error(.invalidScope, "scope must contain openid") }
        return asked.filter { $0 == "openid" || allowed.contains($0) }
    }

    /// The default method is `plain` (RFC 7636 section 4.3), so the method must be said.
    func challenge(required: Bool) throws(AuthorizationError) -> PKCE.Challenge? {
        let method = self.fields.parameter("code_challenge_method")
        guard let text = self.fields.parameter("code_challenge") else {
            guard !required, method == nil else { throw self.error(.invalidRequest, "code_challenge is missing") }
            return nil
        }
        guard method == PKCE.method else { throw self.error(.invalidRequest, "code_challenge_method must be S256") }
        guard let challenge = try? PKCE.Challenge(parsing: text) else {
            throw self.error(.invalidRequest, "code_challenge is not 43 characters of base64url")
        }
        return challenge
    }

    func prompt() throws(AuthorizationError) -> Set<AuthorizationRequest.Prompt> {
        guard let text = self.fields.parameter("prompt") else { return [] }
        let values = text.split(separator: " ", omittingEmptySubsequences: false)
            .map { AuthorizationRequest.Prompt(rawValue: String($0)) }
        let prompt = Set(values.compactMap { $0 })
        guard !values.contains(nil) else { throw self.error(.invalidRequest, "prompt has an unknown value") }
        guard !prompt.contains(.none) || prompt.count == 1 else {
            throw self.error(.invalidRequest, "prompt none must stand alone")
        }
        return prompt
    }

    /// `Int.init` alone would take "+5" and "-5".
    func maximumAge() throws(AuthorizationError) -> Int? {
        guard let text = self.fields.parameter("max_age") else { return nil }
        guard text.utf8.allSatisfy(\.isDigit), let seconds = Int(text) else {
            throw self.error(.invalidRequest, "max_age is not a number of seconds")
        }
        return seconds
    }

    /// May be a name in any script; the form parser has refused control characters.
    func loginHint() throws(AuthorizationError) -> String? {
        guard let hint = self.fields.parameter("login_hint") else { return nil }
        guard hint.unicodeScalars.count <= 256 else {
            throw self.error(.invalidRequest, "login_hint is longer than 256 characters")
        }
        return hint
    }

    func nonce() throws(AuthorizationError) -> String? {
        guard let nonce = self.fields.parameter("nonce") else { return nil }
        guard ParameterSyntax.isPrintable(nonce, maximum: 1_024) else {
            throw self.error(.invalidRequest, "nonce is not up to 1024 printable ASCII characters")
        }
        return nonce
    }

    func text(_ name: String, maximum: Int) throws(AuthorizationError) -> String? {
        guard let text = self.fields.parameter(name) else { return nil }
        guard ParameterSyntax.isVisible(text, maximum: maximum) else {
            throw self.error(.invalidRequest, "\(name) is not up to \(maximum) visible ASCII characters")
        }
        return text
    }

    func list(_ name: String, where isItem: (Substring) -> Bool) throws(AuthorizationError) -> [String] {
        guard let text = self.fields.parameter(name) else { return [] }
        guard let items = ParameterSyntax.list(text, maximum: 32, where: isItem) else {
            throw self.error(.invalidRequest, "\(name) is malformed")
        }
        return items
    }

    private func error(_ code: AuthorizationError.Code, _ description: String) -> AuthorizationError {
        AuthorizationError(code, description, state: self.state)
    }
}
