internal import Encodings
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import OAuth

/// Takes forms from our own pages alone: by where the browser says it comes from, and by a token of the page.
struct FormGuard: Sendable {
    private let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    static func token(for secret: SecretToken) -> String { secret.derived(for: "form") }

    func form(
        _ request: Request, secret: SecretToken, multiline: Set<String> = []
    ) async throws -> FormFields {
        let forbidden = PublicError(.forbidden, .forbidden)
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" { throw forbidden }
        if let origin = request.headers[.origin], origin != self.issuer.origin { throw forbidden }
        let form = try await request.form(multiline: multiline)
        guard let given = form["csrf"], constantTimeEquals(given.utf8, Self.token(for: secret).utf8) else {
            throw forbidden
        }
        return form
    }
}
