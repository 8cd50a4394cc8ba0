internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import OAuth

/// Forms of pages that nobody is logged in to, tied to the browser by a cookie.
struct OpenForm: Sendable {
    let cookies: EdgeCookies
    let forms: FormGuard
    let newSecret: @Sendable () -> SecretToken

    /// The page with the token of its form; `render` is given the token.
    func show(_ request: Request, _ render: (String) throws -> Response) throws -> Response {
        let secret = self.cookies.formSecret(in: request) ?? self.newSecret()
        var response = try render(FormGuard.token(for: secret))
        response.setCookie(self.cookies.form(secret))
        return response
    }

    func take(_ request: Request) async throws -> FormFields {
        guard let secret = self.cookies.formSecret(in: request) else { throw PublicError(.forbidden, .forbidden) }
        return try await self.forms.form(request, secret: secret)
    }
}
