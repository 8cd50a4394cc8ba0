// The headers of every answer.

import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Sets a content security policy without inline code, and what else keeps pages out of frames, caches and referrers.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    let address: PublicAddress
    let issuer: WebAddress

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if self.address.current.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }

    /// `form-action` also stops the redirect that answers a form: login and logout lead to the issuer.
    private var policy: String {
        [
            "default-src 'none'", "style-src 'self'", "img-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
            "form-action 'self' \(self.issuer.origin)",
        ].joined(separator: "; ")
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self.known("Referrer-Policy")
    static let crossOriginOpenerPolicy = Self.known("Cross-Origin-Opener-Policy")
    static let secFetchSite = Self.known("Sec-Fetch-Site")

    private static func known(_ name: String) -> Self { Self(name) ?? .server }
}
