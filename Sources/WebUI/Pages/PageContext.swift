internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers

/// What rendering a page needs of the request: the language, and how to find the page again.
struct PageContext: Sendable {
    let messages: Messages
    let path: String
    let reference: String?

    init(
        _ request: Request, _ context: EdgeContext, library: PageLibrary, cookies: EdgeCookies,
        uiLocales: [String] = [], path: String? = nil
    ) throws {
        let language = Language.best(
            chosen: cookies.language(in: request), application: uiLocales, browser: request.headers[.acceptLanguage])
        self.messages = try library.messages(language)
        self.path = path ?? request.uri.path
        self.reference = context.origin.request?.text
    }
}
