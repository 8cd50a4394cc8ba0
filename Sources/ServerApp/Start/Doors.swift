internal import CarrierGuidance
internal import Delivery
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Logging
internal import OAuth
internal import OpenIDProvider
internal import Outbox
internal import RESTAPI
internal import Storage
internal import TokenSigning
internal import WebUI

/// Every door on one router.
struct Doors {
    private let configuration: Configuration
    private let opened: OpenStore
    private let metrics: ServerMetrics
    private let logger: Logger
    private let cookies: EdgeCookies
    private let pages: PageLibrary
    private let guidance: GuidanceLibrary
    let delivery: ServerDelivery
    private let outbox: OutboxFlow
    private let login: LoginFlow

    init(
        _ configuration: Configuration, _ opened: OpenStore, _ metrics: ServerMetrics, logger: Logger
    ) throws {
        self.configuration = configuration
        self.opened = opened
        self.metrics = metrics
        self.logger = logger
        self.guidance = try GuidanceLibrary(overrides: configuration.delivery.guidanceFolder)
        self.delivery = try ServerDelivery(configuration.delivery, logger: logger)
        let environment = opened.environment
        let checker = try configuration.password.checker(random: environment.random)
        try metrics.register(checker)
        let login = LoginFlow(environment: environment, checker: checker, limits: configuration.limits)
        self.login = login
        self.outbox = OutboxFlow(environment: environment, routes: self.delivery.routes) {
            try login.disown($1, in: $0, at: $2)
        }
        self.cookies = EdgeCookies(isSecure: configuration.issuer.usesTLS)
        self.pages = try PageLibrary(
            firm: configuration.firm, inTraditionalChinese: configuration.firmInTraditionalChinese)
    }

    /// - Parameters:
    ///   - signer: what all of them sign with.
    ///   - worker: what works the outbox of this node.
    func router(signer: TokenSigner, worker: OutboxWorker?) async throws -> Router<EdgeContext> {
        let router = Router(context: EdgeContext.self)
        let account = AccountFlow(
            login: self.login, policy: try self.configuration.password.policy(), sessions: self.configuration.sessions)
        try self.addMiddleware(to: router, account)
        self.mountHealth(on: router)
        self.mountMetrics(on: router)
        let environment = self.opened.environment
        let login = self.login
        let authorization = AuthorizationFlow(environment: environment, sessions: self.configuration.sessions)
        let (api, waiters) = (router.group("/api/v1"), LoginWaiters(driver: self.opened.driver))
        let staff = StaffFlow(
            environment: environment, sessions: self.configuration.sessions, limits: self.configuration.limits)
        let desk = StaffDeliveryFlow(
            staff: staff, outbox: self.outbox, countries: self.configuration.limits.sending.countries,
            waiters: waiters, resting: { worker?.resting ?? [] })
        self.mountPages(on: router, login, waiters, authorization, account, desk)
        OpenIDEndpoints(
            issuer: self.configuration.issuer, flow: authorization, logins: login, signer: signer,
            cookies: self.cookies, uiLocales: Language.allCases.map(\.rawValue)
        ).mount(on: router)
        FactorCheckEndpoints(
            flow: FactorCheckFlow(login: login), waiters: waiters, signer: signer, issuer: self.configuration.issuer
        ).mount(on: api)
        let cards = CardFlow(login: login, sessions: self.configuration.sessions)
        AdminEndpoints(flow: staff, cards: StaffCardFlow(staff: staff, cards: cards), delivery: desk)
            .mount(on: api.group("/admin"))
        SessionEndpoints(flow: authorization).mount(on: api)
        DocumentEndpoints().mount(on: api)
        ReceiptEndpoints(
            webhooks: self.delivery.webhooks, flow: self.outbox, issuer: self.configuration.issuer, logger: self.logger
        ).mount(on: router)
        NumberCheckEndpoints(flow: AccountOpeningFlow(phones: PhoneFlow(account: account))).mount(on: api)
        NativeLoginEndpoints(flow: NativeLoginFlow(login: login), waiters: waiters).mount(on: api)
        return router
    }

    /// What works the outbox; nil where there is no way to reach anybody.
    func worker() throws -> OutboxWorker? {
        guard !self.delivery.providers.isEmpty else { return nil }
        let words = try MessageWords(
            firm: self.configuration.firm, inTraditionalChinese: self.configuration.firmInTraditionalChinese,
            issuer: self.configuration.issuer, templates: self.configuration.delivery.templates)
        return try OutboxWorker(
            flow: self.outbox, providers: self.delivery.providers, words: words,
            waker: OutboxWaker(driver: self.opened.driver), logger: self.logger, simSwap: self.delivery.simSwap)
    }

    private func addMiddleware(to router: Router<EdgeContext>, _ account: AccountFlow) throws {
        let environment = self.opened.environment
        router.add(middleware: try MetricsMiddleware(self.metrics.registry, door: Self.door))
        router.add(middleware: SecurityHeadersMiddleware(isSecure: self.configuration.issuer.usesTLS))
        router.add(
            middleware: RequestOriginMiddleware(
                trustedProxies: self.configuration.trustedProxies, logger: self.logger,
                newID: { Identifier(at: environment.now(), random: environment.random.bytes(10)) }))
        let errors = ErrorPage(library: self.pages, cookies: self.cookies)
        router.add(
            middleware: ErrorMiddleware(logger: self.logger) { error, request, context in
                if Self.isForPrograms(request.uri.path) {
                    var response = Problem(error).response(request: context.origin.request?.text)
                    if error.status == .unauthorized {
                        response.headers[.wwwAuthenticate] = "Basic realm=\"countersign\", charset=\"UTF-8\""
                    }
                    return response
                }
                return try errors.response(error, request, context)
            })
        router.add(
            middleware: LanguageMiddleware(cookies: self.cookies) { language, session in
                try await account.choose(language: language.rawValue, in: session)
            })
    }

    /// What metrics call the door of a path.
    @Sendable private static func door(_ path: String) -> String {
        if path.hasPrefix("/api/v1/factor-checks") { return "factor_check" }
        return path.hasPrefix("/api/") ? "api" : "pages"
    }

    private func mountMetrics(on router: Router<EdgeContext>) {
        MetricsEndpoint(
            registry: self.metrics.registry, allowed: self.configuration.metricsAddresses,
            trustedProxies: self.configuration.trustedProxies
        ).mount(on: router)
    }

    /// Whether a program, not a person, reads the answer.
    private static func isForPrograms(_ path: String) -> Bool {
        (["/api/", "/delivery/", "/health/", "/metrics", "/.well-known/"] + OpenIDEndpoints.pathsForPrograms)
            .contains { path.hasPrefix($0) }
    }

    private func mountPages(
        on router: Router<EdgeContext>, _ login: LoginFlow, _ waiters: LoginWaiters,
        _ authorization: AuthorizationFlow, _ account: AccountFlow, _ desk: StaffDeliveryFlow
    ) {
        let issuer = self.configuration.issuer
        AssetRoutes(library: self.pages).mount(on: router)
        LoginPages(
            flow: login, waiters: waiters, account: account, library: self.pages, cookies: self.cookies, issuer: issuer,
            guidance: self.guidance, sender: self.configuration.delivery.shownSender ?? self.configuration.firm
        ).mount(on: router)
        AccountPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        PasswordPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        let cards = CardFlow(login: login, sessions: self.configuration.sessions)
        CardPages(flow: cards, account: account, library: self.pages, cookies: self.cookies, issuer: issuer)
            .mount(on: router)
        AddressPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        PhonePages(account: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        DeliveryPages(
            flow: desk, account: account, library: self.pages, cookies: self.cookies, issuer: issuer
        ).mount(on: router)
        RecoveryPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        HomePages(flow: authorization, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
    }

    /// Live: the process answers. Ready: the store does too.
    private func mountHealth(on router: Router<EdgeContext>) {
        let store = self.opened.environment.store
        router.endpoint("/health/live", [.get: { _, _ in .json(["status": "live"]) }])
        router.endpoint(
            "/health/ready",
            [
                .get: { _, _ in
                    try await store.check()
                    return .json(["status": "ready"])
                }
            ])
    }
}
