// RESTAPI: the JSON door for applications: parse, one flow call, answer. No pages, no browser.

internal import Applications
internal import Authenticators
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
internal import Login
package import OAuth
internal import Sessions
internal import Time
package import TokenSigning

/// The factor check, below `/api/v1/factor-checks`, for applications that keep the passwords themselves. The application
/// proves itself by HTTP Basic; each step after the first also needs the login's secret, in a header.
package struct FactorCheckEndpoints: Sendable {
    private let flow: FactorCheckFlow
    private let waiters: LoginWaiters
    private let statements: FactorStatements

    package init(
        flow: FactorCheckFlow, waiters: LoginWaiters, signer: TokenSigner, issuer: Issuer
    ) {
        self.flow = flow
        self.waiters = waiters
        self.statements = FactorStatements(signer: signer, issuer: issuer)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/factor-checks", [.post: self.start])
        routes.endpoint("/factor-checks/:id", [.get: self.show])
        routes.endpoint("/factor-checks/:id/authenticator", [.post: self.choose])
        routes.endpoint("/factor-checks/:id/response", [.post: self.respond])
        routes.endpoint("/factor-checks/:id/code", [.post: self.sendCode])
        routes.endpoint("/factor-checks/:id/cancel", [.post: self.cancel])
    }

    @Sendable func start(_ request: Request, context: EdgeContext) async throws -> Response {
        let claim = try Self.claim(request)
        let (name, authenticator) = try await self.provenFirst(claim) {
            var body = try await request.jsonObject()
            let typed = try body.string("username", maximum: 256)
            let authenticator = try LoginCall.authenticator(try body.optionalString("authenticator", maximum: 64))
            try body.finish()
            guard let name = try? UserName(typed) else { throw Self.noSuchUser }
            return (name, authenticator)
        }
        switch try await self.flow.start(name, authenticator: authenticator, for: claim, origin: context.origin) {
        case .noSuchUser: throw Self.noSuchUser
        case .noAuthenticator:
            throw PublicError(.conflict, .noAuthenticator, detail: "the user has no authenticator that can be used")
        case .notOneOfTheUsers: throw LoginCall.notOneOfTheUsers
        case .started(let ticket, let view):
            return .json(LoginBody.of(view, secret: ticket.secret), status: .created)
        }
    }

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        let application = try await self.application(request)
        let ticket = try LoginCall.ticket(request, context)
        return try await LoginCall.wait(for: ticket, request, self.waiters) {
            try await self.flow.view(ticket, for: application)
        }
    }

    @Sendable func choose(_ request: Request, context: EdgeContext) async throws -> Response {
        let application = try await self.application(request)
        let ticket = try LoginCall.ticket(request, context)
        var body = try await request.jsonObject()
        guard let id = try LoginCall.authenticator(try body.string("authenticator", maximum: 64)) else {
            throw LoginCall.notOneOfTheUsers
        }
        try body.finish()
        return try LoginCall.answer(
            try await self.flow.choose(id, for: ticket, of: application, origin: context.origin))
    }

    @Sendable func respond(_ request: Request, context: EdgeContext) async throws -> Response {
        let claim = try Self.claim(request)
        let (ticket, typed) = try await self.provenFirst(claim) {
            let ticket = try LoginCall.ticket(request, context)
            var body = try await request.jsonObject()
            let typed = try body.string("response", maximum: 64)
            try body.finish()
            return (ticket, typed)
        }
        let answer = try await self.flow.respond(to: ticket, with: typed, of: claim, origin: context.origin)
        guard let granted = answer.granted, let id = answer.statement else { return try LoginCall.answer(answer.view) }
        let statement = try self.statements.statement(
            granted, id: id, for: answer.view.application, at: answer.view.at)
        return .json(LoginBody.of(answer.view, statement: statement))
    }

    /// The code once more, by text or by a call.
    @Sendable func sendCode(_ request: Request, context: EdgeContext) async throws -> Response {
        let application = try await self.application(request)
        let ticket = try LoginCall.ticket(request, context)
        var body = try await request.jsonObject()
        let way = try LoginCall.codeWay(&body)
        try body.finish()
        return try LoginCall.answer(
            try await self.flow.sendCode(by: way, for: ticket, of: application, origin: context.origin))
    }

    @Sendable func cancel(_ request: Request, context: EdgeContext) async throws -> Response {
        let application = try await self.application(request)
        let ticket = try LoginCall.ticket(request, context)
        try (try await request.jsonObject()).finish()
        return try LoginCall.answer(try await self.flow.cancel(ticket, of: application, origin: context.origin))
    }

    private func application(_ request: Request) async throws -> Applications.Application {
        try await self.flow.application(try Self.claim(request))
    }

    private static func claim(_ request: Request) throws -> ApplicationClaim {
        guard let credentials = LoginCall.credentials(request) else { throw FlowError.applicationNotProven }
        return ApplicationClaim(clientID: credentials.clientID, secret: credentials.secret?.revealed)
    }

    /// Reads a request whose step proves the application itself. What is wrong with it is told only to an application
    /// that may ask.
    private func provenFirst<Parsed>(_ claim: ApplicationClaim, _ read: () async throws -> Parsed) async throws
        -> Parsed
    {
        do {
            return try await read()
        } catch {
            _ = try await self.flow.application(claim)
            throw error
        }
    }

    private static let noSuchUser = PublicError(.notFound, .noSuchUser, detail: "there is no such user")
}
