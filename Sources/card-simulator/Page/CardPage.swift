// The page: its addresses, and what each answers.

import HTTPTypes
import Hummingbird
import Languages

/// Security cards for a browser. Without scripts every press is a form; with them the page stays where it is.
struct CardPage: Sendable {
    let shelf: CardShelf
    let renderer: PageRenderer
    /// Milliseconds on a steady clock.
    let now: @Sendable () -> Int64

    init(cards: [DemoCard], now: @escaping @Sendable () -> Int64) throws {
        self.shelf = CardShelf(cards: cards)
        self.renderer = try PageRenderer()
        self.now = now
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: PageHeaders())
        router.get("/", use: self.list)
        router.get("/cards/:serial", use: self.card)
        router.get("/cards/:serial/display", use: self.display)
        router.post("/cards/:serial/press", use: self.press)
        router.get("/language/:tag", use: self.changeLanguage)
        router.get("/language/:tag/:serial", use: self.changeLanguage)
        PageAsset.mount(on: router)
        return router
    }

    @Sendable func list(_ request: Request, context: BasicRequestContext) -> Response {
        let now = self.now()
        let browser = PageCookies.browser(of: request)
        let cards = self.shelf.cards.map { ($0, self.shelf.display(of: $0, for: browser, at: now)) }
        return self.page(self.renderer.list(cards, at: now, in: PageCookies.language(of: request)), for: request)
    }

    @Sendable func card(_ request: Request, context: BasicRequestContext) -> Response {
        guard let card = self.card(named: context) else { return self.notFound(request) }
        let now = self.now()
        let display = self.shelf.display(of: card, for: PageCookies.browser(of: request), at: now)
        return self.page(
            self.renderer.card(card, display, at: now, in: PageCookies.language(of: request)), for: request)
    }

    /// The script asks for it when the card should have gone dark.
    @Sendable func display(_ request: Request, context: BasicRequestContext) -> Response {
        guard let card = self.card(named: context) else { return self.notFound(request) }
        return self.displayAlone(card, for: PageCookies.browser(of: request), request)
    }

    @Sendable func press(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard let card = self.card(named: context) else { return self.notFound(request) }
        let body = try await request.body.collect(upTo: 256)
        guard let form = PressForm(String(buffer: body)) else { throw HTTPError(.badRequest) }
        let browser = PageCookies.browser(of: request) ?? PageCookies.newBrowser()
        self.shelf.press(form.key, on: card, for: browser, at: self.now())
        var response =
            switch form.view {
            case .list: Response.redirect(to: "/#\(card.serial)")
            case .card: Response.redirect(to: "/cards/\(card.serial)")
            case .display: self.displayAlone(card, for: browser, request)
            }
        response.setCookie(PageCookies.cookie(for: browser))
        return response
    }

    /// The choice comes from our own list, so the cookie holds nothing that a link made up.
    @Sendable func changeLanguage(_ request: Request, context: BasicRequestContext) -> Response {
        guard let language = context.parameters.get("tag").flatMap(Language.init(rawValue:)) else {
            return self.notFound(request)
        }
        var response = Response.redirect(to: self.card(named: context).map { "/cards/\($0.serial)" } ?? "/")
        response.setCookie(PageCookies.cookie(for: language))
        return response
    }

    private func card(named context: BasicRequestContext) -> DemoCard? {
        context.parameters.get("serial").flatMap { serial in self.shelf.cards.first { $0.serial == serial } }
    }

    private func displayAlone(_ card: DemoCard, for browser: BrowserID?, _ request: Request) -> Response {
        let now = self.now()
        let display = self.shelf.display(of: card, for: browser, at: now)
        return .html(self.renderer.display(display, of: card, at: now, in: PageCookies.language(of: request)))
    }

    /// Every page leaves its browser with an identifier, so that the first press finds it.
    private func page(_ html: String, for request: Request) -> Response {
        var response = Response.html(html)
        if PageCookies.browser(of: request) == nil {
            response.setCookie(PageCookies.cookie(for: PageCookies.newBrowser()))
        }
        return response
    }

    private func notFound(_ request: Request) -> Response {
        .html(self.renderer.notFound(in: PageCookies.language(of: request)), status: .notFound)
    }
}

extension Response {
    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    fileprivate static func redirect(to address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }
}
