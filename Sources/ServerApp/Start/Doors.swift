internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Logging
internal import OAuth
internal import OpenIDProvider
internal import RESTAPI
internal import Storage
internal import TokenSigning
internal import WebUI

/// Every door on one router.
struct Doors {
    private let configuration: Configuration
    private let opened: OpenStore
    private let logger: Logger
    private let cookies: EdgeCookies
    private let pages: PageLibrary

    init(_ configuration: Configuration, _ opened: OpenStore, logger: Logger) throws {
        self.configuration = configuration
        self.opened = opened
        self.logger = logger
        self.cookies = EdgeCookies(isSecure: configuration.issuer.usesTLS)
        self.pages = try PageLibrary(
            firm: configuration.firm, inTraditionalChinese: configuration.firmInTraditionalChinese)
    }

    func router() async throws -> Router<EdgeContext> {
        let router = Router(context: EdgeContext.self)
        self.addMiddleware(to: router)
        self.mountHealth(on: router)
        let environment = self.opened.environment
        let checker = try self.configuration.password.checker(random: environment.random)
        let login = LoginFlow(environment: environment, checker: checker, limits: self.configuration.limits)
        let authorization = AuthorizationFlow(environment: environment, sessions: self.configuration.sessions)
        let account = AccountFlow(
            login: login, policy: try self.configuration.password.policy(), sessions: self.configuration.sessions)
        let keys = try await SigningKeysFlow(environment: environment).open(make: TokenSigner.makeKey(id:))
        let signer = try await TokenSigner(keys)
        self.mountPages(on: router, login, authorization, account)
        OpenIDEndpoints(
            issuer: self.configuration.issuer, flow: authorization, logins: login, signer: signer,
            cookies: self.cookies, uiLocales: Language.allCases.map(\.rawValue)
        ).mount(on: router)
        FactorCheckEndpoints(
            flow: FactorCheckFlow(login: login),
            waiters: LoginWaiters(driver: self.opened.driver), signer: signer, issuer: self.configuration.issuer
        ).mount(on: router.group("/api/v1"))
        return router
    }

    private func addMiddleware(to router: Router<EdgeContext>) {
        let environment = self.opened.environment
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
        router.add(middleware: LanguageMiddleware(cookies: self.cookies))
    }

    /// Whether a program, not a person, reads the answer.
    private static func isForPrograms(_ path: String) -> Bool {
        ["/api/", "/health/", "/oauth2/token", "/oauth2/userinfo", "/oauth2/jwks", "/.well-known/"]
            .contains { path.hasPrefix($0) }
    }

    private func mountPages(
        on router: Router<EdgeContext>, _ login: LoginFlow, _ authorization: AuthorizationFlow,
        _ account: AccountFlow
    ) {
        let issuer = self.configuration.issuer
        AssetRoutes(library: self.pages).mount(on: router)
        LoginPages(flow: login, account: account, library: self.pages, cookies: self.cookies, issuer: issuer)
            .mount(on: router)
        AccountPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
        PasswordPages(flow: account, library: self.pages, cookies: self.cookies, issuer: issuer).mount(on: router)
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
