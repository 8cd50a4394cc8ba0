package import HTTPEdge
internal import HTTPTypes
package import Hummingbird

/// `?lang=zh-Hant` on any page: remembered in a cookie, and the page shown again without it.
package struct LanguageMiddleware: RouterMiddleware {
    private let cookies: EdgeCookies

    package init(cookies: EdgeCookies) { self.cookies = cookies }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get, let query = request.uri.query, query.hasPrefix("lang="),
            let language = Language(rawValue: String(query.dropFirst(5))), request.uri.path.hasPrefix("/"),
            !request.uri.path.hasPrefix("//")
        else { return try await next(request, context) }
        var response = Response.seeOther(request.uri.path)
        response.setCookie(self.cookies.language(language.rawValue))
        return response
    }
}
