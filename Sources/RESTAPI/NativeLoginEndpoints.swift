internal import Applications
internal import Authenticators
internal import Crypto
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Login
internal import OAuth
internal import Sessions

/// The login API, below `/api/v1/logins`, for first-party applications that draw the login themselves. A granted login
/// gives one authorization code, which the token endpoint takes with the PKCE verifier and the login's secret.
package struct NativeLoginEndpoints: Sendable {
    private let flow: NativeLoginFlow
    private let waiters: LoginWaiters

    package init(flow: NativeLoginFlow, waiters: LoginWaiters) {
        self.flow = flow
        self.waiters = waiters
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/logins", [.post: self.start])
        routes.endpoint("/logins/:id", [.get: self.show])
        routes.endpoint("/logins/:id/password", [.post: self.password])
        routes.endpoint("/logins/:id/authenticator", [.post: self.choose])
        routes.endpoint("/logins/:id/other", [.post: self.chooseAnother])
        routes.endpoint("/logins/:id/response", [.post: self.respond])
        routes.endpoint("/logins/:id/code", [.post: self.sendCode])
        routes.endpoint("/logins/:id/cancel", [.post: self.cancel])
        routes.endpoint("/logins/:id/finish", [.post: self.finish])
    }

    @Sendable func start(_ request: Request, context: EdgeContext) async throws -> Response {
        var (body, bytes) = try await request.json()
        let named = try body.optionalString("client_id", minimum: 1, maximum: 256)
        let application = try await self.application(request, named: named)
        let asked = try Self.authorization(&body, application)
        try body.finish()
        let call = try Self.call(request, scope: application.id.bytes, bytes)
        let (ticket, view) = try await self.flow.start(asked, for: application, call: call)
        return .json(LoginBody.of(view, secret: ticket.secret), status: .created)
    }

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try LoginCall.ticket(request, context)
        let application = try await self.application(request)
        return try await LoginCall.wait(for: ticket, request, self.waiters) {
            try await self.flow.view(ticket, of: application)
        }
    }

    @Sendable func password(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { body in
            let (name, password) = (
                try body.string("username", maximum: 256), try body.string("password", maximum: 1024)
            )
            return .password(
                TypedCredentials(userName: name, password: password, device: try Self.device(&body)))
        }
    }

    @Sendable func choose(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { body in
            guard let id = try LoginCall.authenticator(try body.string("authenticator", maximum: 64)) else {
                throw LoginCall.notOneOfTheUsers
            }
            return .choose(id)
        }
    }

    @Sendable func chooseAnother(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { _ in .chooseAnother }
    }

    @Sendable func respond(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { .respond(try $0.string("response", maximum: 64)) }
    }

    @Sendable func sendCode(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { .sendCode(try LoginCall.codeWay(&$0)) }
    }

    @Sendable func cancel(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.step(request, context) { _ in .cancel }
    }

    @Sendable func finish(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try LoginCall.ticket(request, context)
        var body = try await request.jsonObject()
        let device = try Self.device(&body)
        try body.finish()
        let application = try await self.application(request)
        let finished = try await self.flow.finish(ticket, of: application, device: device, origin: context.origin)
        guard let finished else {
            let view = try await self.flow.view(ticket, of: application)
            throw PublicError(
                .conflict, .notNow, detail: "the login is in state \(LoginBody.name(of: view.state, in: view.purpose))")
        }
        return .json(LoginBody.of(finished.view, code: finished.code, device: finished.device))
    }

    private func step(
        _ request: Request, _ context: EdgeContext, _ read: (inout JSONObjectReader) throws -> NativeLoginStep
    ) async throws -> Response {
        let ticket = try LoginCall.ticket(request, context)
        let application = try await self.application(request)
        var (body, bytes) = try await request.json()
        let step = try read(&body)
        try body.finish()
        let call = try Self.call(request, scope: ticket.id.bytes, bytes)
        return try LoginCall.answer(
            try await self.flow.step(step, of: ticket, application: application, call: call, origin: context.origin))
    }

    /// Who calls: by HTTP Basic, or, for an application that has no secret, by its id in the body of the first call and in
    /// a header of the later ones.
    private func application(_ request: Request, named: String? = nil) async throws -> Applications.Application {
        let given: (id: String, secret: String?)
        if request.headers[.authorization] != nil {
            guard let credentials = LoginCall.credentials(request), named == nil || named == credentials.clientID else {
                throw FlowError.applicationNotProven
            }
            given = (credentials.clientID, credentials.secret?.revealed)
        } else {
            guard let id = named ?? request.headers[.clientID] else { throw FlowError.applicationNotProven }
            given = (id, nil)
        }
        return try await self.flow.application(
            ApplicationClaim(clientID: given.id, secret: given.secret, to: .loginAPI))
    }

    private static func authorization(
        _ body: inout JSONObjectReader, _ application: Applications.Application
    ) throws -> PendingAuthorization {
        let scope = try Self.scope(try body.optionalString("scope", maximum: 1000) ?? "openid", application)
        let challenge = try body.string("code_challenge", maximum: 64)
        guard let challenge = try? PKCE.Challenge(parsing: challenge) else {
            throw PublicError.badRequest("code_challenge is not the SHA-256 of a verifier, in base64url")
        }
        let method = try body.string("code_challenge_method", maximum: 8)
        guard method == PKCE.method else { throw PublicError.badRequest("code_challenge_method is S256") }
        return PendingAuthorization(
            redirectURI: NativeLogin.redirectURI, scope: scope, state: nil,
            nonce: try body.optionalString("nonce", maximum: 1024), codeChallenge: challenge.text,
            loginHint: try body.optionalString("login_hint", maximum: 256), uiLocales: [], query: "",
            capabilities: try Self.capabilities(&body))
    }

    /// What the program can do. A word that is not known here is one of a newer program, and no mistake.
    private static func capabilities(_ body: inout JSONObjectReader) throws -> Set<ClientCapability> {
        let words = try (try body.optionalArray("capabilities", maximum: 20) ?? []).map { value in
            guard case .string(let text) = value else {
                throw PublicError.badRequest("capabilities is not a list of texts")
            }
            return text
        }
        return Set(words.compactMap(ClientCapability.init(rawValue:)))
    }

    private static func scope(_ text: String, _ application: Applications.Application) throws -> [String] {
        let words = text.split(separator: " ").map(String.init)
        guard words.contains(Scope.openid.rawValue) else { throw PublicError.badRequest("scope lacks openid") }
        guard words.allSatisfy(application.scopes.contains) else {
            throw PublicError.badRequest("scope holds a word that this application may not ask for")
        }
        return words
    }

    private static func device(_ body: inout JSONObjectReader) throws -> SecretToken? {
        guard let text = try body.optionalString("device", maximum: 64) else { return nil }
        guard let device = SecretToken(text) else { throw PublicError.badRequest("device is not one of ours") }
        return device
    }

    /// A call that its sender may repeat: what it said is hashed with where it said it.
    private static func call(_ request: Request, scope: [UInt8], _ body: [UInt8]) throws -> IdempotentCall? {
        let keys = request.headers[values: .idempotencyKey]
        guard let key = keys.first else { return nil }
        guard keys.count == 1, (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw PublicError.badRequest("Idempotency-Key has 1 to 128 visible ASCII characters, and comes once") }
        let content = SHA256.hash(data: Array("\(request.uri.path)\n".utf8) + body)
        return IdempotentCall(scope: scope, key: key, content: Array(content))
    }
}

/// What stands in the place of a redirect address, where nothing is redirected.
package enum NativeLogin {
    package static let redirectURI = "urn:countersign:login-api"
}

extension HTTPField.Name {
    fileprivate static let clientID = HTTPField.Name("Countersign-Client-ID")!
    fileprivate static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
