package import HTTPEdge
package import Hummingbird

/// Errors for people: what happened, and what to do.
package struct ErrorPage: Sendable {
    private let library: PageLibrary
    private let cookies: EdgeCookies

    package init(library: PageLibrary, cookies: EdgeCookies) {
        self.library = library
        self.cookies = cookies
    }

    package func response(_ error: PublicError, _ request: Request, _ context: EdgeContext) throws -> Response {
        // The page may be the answer to a form, which cannot be opened again: the language links lead home.
        let page = try PageContext(
            request, context, library: self.library, cookies: self.cookies,
            path: request.method == .get && LanguageMiddleware.isOurs(request.uri.path) ? nil : "/")
        if error.code == .loginOver { return try self.unknownLogin(error, page) }
        let key = "errors.\(Self.key(error.code))"
        let text = try self.library.render(
            "error", page.messages, title: page.messages.text("\(key).heading"), path: page.path,
            [
                "heading": page.messages.text("\(key).heading"), "sentence": page.messages.text("\(key).sentence"),
                "what_to_do": page.messages.text("\(key).what_to_do"), "reference": page.reference ?? "",
            ])
        return .html(text, status: error.status)
    }

    private func unknownLogin(_ error: PublicError, _ page: PageContext) throws -> Response {
        let heading = page.messages.text("over.unknown.heading")
        let text = try self.library.render(
            "login_over", page.messages, title: heading, path: page.path,
            ["heading": heading, "sentence": page.messages.text("over.unknown.sentence")])
        return .html(text, status: error.status)
    }

    /// The catalogue's words for a code; some codes are for programs alone.
    static func key(_ code: PublicErrorCode) -> String {
        switch code {
        case .unauthorized, .unsupportedMediaType, .loginOver, .notNow, .wrongCredentials, .alreadyThere,
            .idempotencyKeyReused, .noSuchUser, .noAuthenticator, .notOneOfTheUsers, .malformedResponse,
            .codeNotThere, .codeNotSent, .numberRefused, .hasAuthenticator:
            PublicErrorCode.badRequest.rawValue
        case .authenticatorLimited: PublicErrorCode.forbidden.rawValue
        case .badRequest, .forbidden, .notFound, .methodNotAllowed, .tooLarge, .tooMany, .unknownApplication,
            .badRedirect, .badAuthorizationRequest, .unavailable, .serverFault:
            code.rawValue
        }
    }
}
