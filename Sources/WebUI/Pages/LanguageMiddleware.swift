package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
package import Identifiers

/// `?lang=zh-Hant` on any page: remembered in a cookie, and the page shown again without it. Where a link of ours led to it, it
/// is kept for whoever is logged in, or logs in with the cookie, as the language in which he is written to.
package struct LanguageMiddleware: RouterMiddleware {
    /// Keeps a language for the user of a session; does nothing where there is none.
    package typealias Keep = @Sendable (Language, SecretToken) async throws -> Void

    private let cookies: EdgeCookies
    private let keep: Keep

    package init(cookies: EdgeCookies, keep: @escaping Keep) {
        self.cookies = cookies
        self.keep = keep
    }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get, let query = request.uri.query, query.hasPrefix("lang="),
            let language = Language(rawValue: String(query.dropFirst(5))), Self.isOurs(request.uri.path)
        else { return try await next(request, context) }
        var response = Response.seeOther(request.uri.path)
        // By a link of another site nobody has chosen anything, neither now nor at the next login.
        let isChosen = request.headers[.fetchSite] == "same-origin"
        response.setCookie(self.cookies.language(language.rawValue, isChosen: isChosen))
        if isChosen, let session = self.cookies.sessionSecret(in: request) {
            try await self.keep(language, session)
        }
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
