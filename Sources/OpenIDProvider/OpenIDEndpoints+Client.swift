internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import OAuth
internal import Time
internal import TokenSigning

/// What the endpoints that applications call themselves have in common: who calls, and how a refusal is answered.
extension OpenIDEndpoints {
    /// Answers a form of a proven application.
    func answer(
        _ request: Request, _ context: EdgeContext,
        _ body: (Applications.Application, FormFields) async throws -> Response
    ) async throws -> Response {
        do {
            let fields = try await request.form()
            return try await body(try await self.application(request, fields, context), fields)
        } catch let error as TokenError {
            return Self.response(error)
        } catch let error as FormError {
            return Self.response(TokenError(.invalidRequest, "\(error)"))
        }
    }

    private func application(
        _ request: Request, _ fields: FormFields, _ context: EdgeContext
    ) async throws -> Applications.Application {
        guard request.headers[values: .authorization].count <= 1 else {
            throw TokenError(.invalidRequest, "more than one Authorization header")
        }
        let credentials = try ClientCredentials(authorization: request.headers[.authorization], fields: fields)
        guard let application = try await self.flow.application(clientID: credentials.clientID),
            application.authentication == credentials.method
        else { throw Self.notProven }
        guard let assertion = credentials.assertion else {
            guard application.isProven(by: credentials.secret?.revealed) else { throw Self.notProven }
            return application
        }
        try await self.check(assertion, of: application, context)
        return application
    }

    private static let notProven = TokenError(
        .invalidClient, "the client is not known, or not by this way, or what it proves itself with is wrong")

    /// Used up only once all else is right: nobody else can use up a client's assertion identifiers.
    private func check(
        _ assertion: ClientAssertion, of application: Applications.Application, _ context: EdgeContext
    ) async throws {
        try assertion.check(
            audiences: [self.issuer.text, self.issuer.address(Self.paths.token)], at: self.flow.now().seconds)
        guard let keys = application.registration.keys, try ClientKeySet(keys).verify(assertion),
            try await self.flow.use(assertion, of: application, origin: context.origin)
        else { throw Self.notProven }
    }

    private static func response(_ error: TokenError) -> Response {
        var response = Response.json(error.body, status: .init(code: error.status))
        if let challenge = error.challenge { response.headers[.wwwAuthenticate] = challenge }
        return response
    }
}
