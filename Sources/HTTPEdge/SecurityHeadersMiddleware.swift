package import HTTPTypes
package import Hummingbird

/// The headers that every answer has. A page may widen `form-action` by the one origin that it leads to.
package struct SecurityHeadersMiddleware: RouterMiddleware {
    private let isSecure: Bool

    /// - Parameter isSecure: whether the server is reached by https.
    package init(isSecure: Bool) { self.isSecure = isSecure }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.policy()
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        response.headers[.xContentTypeOptions] = "nosniff"
        // Not `no-referrer`: under it browsers send `Origin: null` with our own forms.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.frameOptions] = "DENY"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        if self.isSecure { response.headers[.strictTransportSecurity] = "max-age=63072000" }
        return response
    }

    /// - Parameters:
    ///   - formTarget: an origin that a form of the page may be redirected to: browsers apply `form-action` to the whole
    ///     chain of redirects.
    ///   - connects: whether the page's script asks this server for more.
    package static func policy(formTarget: String? = nil, connects: Bool = false) -> String {
        let target = formTarget.map { " \($0)" } ?? ""
        return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            + (connects ? "connect-src 'self'; " : "")
            + "form-action 'self'\(target); frame-ancestors 'none'; base-uri 'none'"
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
    package static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
