// Forms of other sites are refused (cross-site request forgery).

import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets a request that may change something pass only when the browser says that our own page sent it.
struct SameOriginForms<Context: RequestContext>: RouterMiddleware {
    let address: PublicAddress

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head || self.isOurs(request.headers) else {
            throw PortalError.crossSite
        }
        return try await next(request, context)
    }

    /// Where both headers are there, both must agree; without either nobody vouches for the request.
    private func isOurs(_ headers: HTTPFields) -> Bool {
        let site = headers[.secFetchSite].map { $0 == "same-origin" }
        let origin = headers[.origin].map { $0 == self.address.current.origin }
        return (site ?? true) && (origin ?? true) && (site != nil || origin != nil)
    }
}
