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
            let language = Language(rawValue: String(query.dropFirst(5))), Self.isOurs(request.uri.path)
        else { return try await next(request, context) }
        var response = Response.seeOther(request.uri.path)
        response.setCookie(self.cookies.language(language.rawValue))
        return response
    }

    /// A path that no browser takes for another host: `//host` and `/\host` would lead away from here.
    static func isOurs(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("//")
            && path.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/-._~".utf8.contains(byte)
                }
            }
    }
}
