internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import OAuth

/// What the endpoints that applications call themselves have in common: who calls, and how a refusal is answered.
extension OpenIDEndpoints {
    /// Answers a form of a proven application.
    func answer(
        _ request: Request, _ body: (Applications.Application, FormFields) async throws -> Response
    ) async throws -> Response {
        do {
            let fields = try await request.form()
            return try await body(try await self.application(request, fields), fields)
        } catch let error as TokenError {
            return Self.response(error)
        } catch let error as FormError {
            return Self.response(TokenError(.invalidRequest, "\(error)"))
        }
    }

    private func application(_ request: Request, _ fields: FormFields) async throws -> Applications.Application {
        guard request.headers[values: .authorization].count <= 1 else {
            throw TokenError(.invalidRequest, "more than one Authorization header")
        }
        let credentials = try ClientCredentials(authorization: request.headers[.authorization], fields: fields)
        guard let application = try await self.flow.application(clientID: credentials.clientID),
            application.isProven(by: credentials.secret?.revealed)
        else { throw TokenError(.invalidClient, "the client is not known, or its secret is wrong") }
        return application
    }

    private static func response(_ error: TokenError) -> Response {
        var response = Response.json(error.body, status: .init(code: error.status))
        if let challenge = error.challenge { response.headers[.wwwAuthenticate] = challenge }
        return response
    }
}
