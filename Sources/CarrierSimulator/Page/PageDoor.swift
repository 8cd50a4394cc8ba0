import Encodings
import HTTPTypes
import Hummingbird
import Time

/// The pages: their addresses, and what each answers. Without scripts everything is a form, and a reload shows what is new.
struct PageDoor: Sendable {
    let exchange: Exchange
    let account: GatewayAccount
    let listening: @Sendable () -> Listening
    let renderer: PageRenderer

    func mount(on router: Router<CarrierContext>) {
        router.get("/", use: self.list)
        router.get("/mails", use: self.mails)
        router.get("/live", use: self.live)
        router.get("/phones/:digits", use: self.phone)
        router.get("/phones/:digits/live", use: self.live)
        router.post("/phones", use: self.add)
        router.post("/phones/:digits/mode", use: self.changeMode)
        router.post("/calls/:number/:action", use: self.act)
        router.post("/faults", use: self.setFaults)
        router.post("/faults/reset") { _, _ in self.order { carrier, now in carrier.mend(at: now) } }
        router.post("/clear") { _, _ in self.order { carrier, _ in carrier.clear() } }
        router.get("/language/:tag", use: self.changeLanguage)
        router.get("/language/:tag/mails", use: self.changeLanguage)
        router.get("/language/:tag/:digits", use: self.changeLanguage)
    }

    @Sendable func list(_ request: Request, context: CarrierContext) -> Response { self.list(for: request) }

    @Sendable func mails(_ request: Request, context: CarrierContext) -> Response {
        .html(self.renderer.mails(self.exchange.read { $0 }, in: PageLanguage(of: request)))
    }

    @Sendable func phone(_ request: Request, context: CarrierContext) -> Response {
        let state = self.exchange.snapshot()
        guard let number = context.phoneNumber, state.carrier.phones[number] != nil else {
            return self.notFound(request)
        }
        return .html(self.renderer.page(state, only: number, setup: nil, in: PageLanguage(of: request)))
    }

    /// The telephones as they are once something has changed; 204 when nothing did for a while.
    @Sendable func live(_ request: Request, context: CarrierContext) async -> Response {
        guard let after = request.uri.queryParameters.get("after").flatMap({ Int($0) }) else {
            return self.notFound(request)
        }
        let number = context.phoneNumber
        let isNew = await LongPoll.wait(for: self.exchange, after: after)
        let state = self.exchange.snapshot()
        guard isNew, number.map({ state.carrier.phones[$0] != nil }) ?? true else {
            return Response(status: .noContent)
        }
        return .html(self.renderer.live(state, only: number, in: PageLanguage(of: request)))
    }

    @Sendable func add(_ request: Request, context: CarrierContext) async throws -> Response {
        let form = try await self.form(request)
        // As people write numbers.
        let text = form?["number"].map { $0.filter { !" -()".contains($0) } }
        guard form?.count == 1, let number = text.flatMap({ PhoneNumber($0) }) else { return self.refused(request) }
        self.exchange.change { carrier, now in carrier.touch(number, at: now) }
        return .redirect(back: "/#phone-\(number.digits)")
    }

    @Sendable func changeMode(_ request: Request, context: CarrierContext) async throws -> Response {
        guard let number = context.phoneNumber, self.exchange.read({ $0.phones[number] != nil }) else {
            return self.notFound(request)
        }
        guard let form = try await self.form(request), let view = PageView(form),
            let mode = form["mode"].flatMap(Phone.Mode.init(rawValue:))
        else { return self.refused(request) }
        self.exchange.change { carrier, now in carrier.set(mode, of: number, at: now) }
        return .redirect(back: view.address(of: number))
    }

    @Sendable func act(_ request: Request, context: CarrierContext) async throws -> Response {
        let call = context.parameters.get("number").flatMap { Int($0) }.flatMap { number in
            self.exchange.read { $0.calls.first { $0.number == number } }
        }
        guard let call else { return self.notFound(request) }
        guard let form = try await self.form(request), let view = PageView(form),
            let action = CallAction(context.parameters.get("action") ?? "", key: form["key"])
        else { return self.refused(request) }
        // Where the caller was quicker, the page shows it.
        _ = action.perform(on: call.number, at: self.exchange)
        return .redirect(back: view.address(of: call.to))
    }

    @Sendable func setFaults(_ request: Request, context: CarrierContext) async throws -> Response {
        guard let fields = try await self.form(request).flatMap(FaultFields.init) else {
            return self.list(for: request, problem: .brokenFaults)
        }
        return self.order(to: "/#faults") { carrier, _ in carrier.set(fields.faults, of: fields.way) }
    }

    /// The choice comes from our own list, so the cookie holds nothing that a link made up.
    @Sendable func changeLanguage(_ request: Request, context: CarrierContext) -> Response {
        guard let language = context.parameters.get("tag").flatMap(PageLanguage.init(rawValue:)) else {
            return self.notFound(request)
        }
        let isOfMails = request.uri.path.hasSuffix("/mails")
        var response = Response.redirect(
            back: context.phoneNumber.map { "/phones/\($0.digits)" } ?? (isOfMails ? "/mails" : "/"))
        response.setCookie(language.cookie)
        return response
    }
}

extension PageDoor {
    private func list(for request: Request, problem: PageMessage? = nil) -> Response {
        let language = PageLanguage(of: request)
        let state = self.exchange.snapshot()
        let setup = PageContent.Setup(state.carrier, self.account, self.listening(), in: language)
        let html = self.renderer.page(state, only: nil, setup: setup, problem: problem, in: language)
        return .html(html, status: problem == nil ? .ok : .badRequest)
    }

    private func order(to address: String = "/", _ body: (inout Carrier, Instant) -> Void) -> Response {
        self.exchange.change(body)
        return .redirect(back: address)
    }

    private func form(_ request: Request) async throws -> FormFields? {
        guard request.isForm else { return nil }
        let body = try await request.body.collect(upTo: 8_192)
        return try? FormURLEncoded.parse(Array(buffer: body), limit: 10)
    }

    private func notFound(_ request: Request) -> Response {
        let language = PageLanguage(of: request)
        return .html(self.renderer.failure(.notFoundTitle, .notFoundText, in: language), status: .notFound)
    }

    private func refused(_ request: Request) -> Response {
        let language = PageLanguage(of: request)
        return .html(self.renderer.failure(.refusedTitle, .refusedText, in: language), status: .badRequest)
    }
}

/// Which page a form stood on.
private enum PageView: String {
    case list, phone

    init?(_ form: FormFields) {
        guard let view = form["view"].flatMap(Self.init(rawValue:)) else { return nil }
        self = view
    }

    func address(of number: PhoneNumber) -> String {
        switch self {
        case .list: "/#phone-\(number.digits)"
        case .phone: "/phones/\(number.digits)"
        }
    }
}

extension CarrierContext {
    var phoneNumber: PhoneNumber? { self.parameters.get("digits").flatMap { PhoneNumber(digits: $0) } }
}
