// The portal's addresses. Handlers parse, ask one thing, and render.

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Languages
import Logging
import NIOCore

/// Routes for one portal: front page, login, callback, details, logout, language.
struct PortalRoutes: Sendable {
    let address: PublicAddress
    let relyingParty: RelyingParty
    let logins: PortalLogins
    let pages: Pages
    let now: @Sendable () -> Double

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: SecurityHeaders(address: self.address, issuer: self.relyingParty.configuration.issuer))
        router.add(middleware: ErrorPages(pages: self.pages))
        router.add(middleware: SameOriginForms(address: self.address))
        router.get("/", use: self.front)
        router.get("/login", use: self.login)
        router.post("/login", use: self.login)
        router.get("/callback", use: self.callback)
        router.get("/details", use: self.details)
        router.post("/logout", use: self.logout)
        router.post("/language", use: self.chooseLanguage)
        router.get("/portal_style.css") { _, _ in PortalResources.styleSheet() }
        router.get("/portal_icon.svg") { _, _ in PortalResources.icon() }
        return router
    }

    @Sendable func front(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let language = Language(of: request)
        if let session = self.logins.session(of: PortalCookie.session.value(in: request), at: self.now()) {
            return try self.pages.home(session, language: language, now: self.now())
        }
        // The provider sends back the state of the logout; other queries mean nothing here.
        let state = try? FormFields(parsing: request.uri.query ?? "")["state"]
        let loggedOut = state.map { self.logins.takeLogout($0, at: self.now()) } ?? false
        return try self.pages.front(language: language, loggedOut: loggedOut)
    }

    @Sendable func login(_ request: Request, context: BasicRequestContext) async throws -> Response {
        var options = try AuthorizationOptions(query: FormFields(parsing: request.uri.query ?? ""))
        options.uiLocales = options.uiLocales ?? Language(of: request).rawValue
        let login = self.logins.begin(
            browser: PortalCookie.login.value(in: request), redirectURI: self.address.redirectURI, options: options,
            at: self.now())
        var response = Self.seeOther(try await self.relyingParty.authorizationURL(for: login, options: options))
        PortalCookie.login.set(
            login.browser, for: Int(PortalLogins.pendingLifetime), secure: self.isSecure, on: &response)
        return response
    }

    @Sendable func callback(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let query = try FormFields(parsing: request.uri.query ?? "")
        let browser = PortalCookie.login.value(in: request)
        guard let login = self.logins.take(state: query["state"], browser: browser, at: self.now()) else {
            throw PortalError.unknownLogin
        }
        let session = try await self.relyingParty.finish(login, query: query)
        // The identifier is new at every login: one that was planted before is worth nothing after.
        let secret = self.logins.open(
            session, replacing: PortalCookie.session.value(in: request), at: self.now())
        var response = Self.seeOther("/")
        PortalCookie.session.set(secret, for: nil, secure: self.isSecure, on: &response)
        return response
    }

    @Sendable func details(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard let session = self.logins.session(of: PortalCookie.session.value(in: request), at: self.now()) else {
            return Self.seeOther("/")
        }
        return try self.pages.details(session, language: Language(of: request))
    }

    /// The portal's own session ends in any case; the provider's where the provider can be asked.
    @Sendable func logout(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let (session, state) = self.logins.close(PortalCookie.session.value(in: request), at: self.now())
        var response = Self.seeOther("/?state=\(state)")
        if let session {
            do throws(PortalError) {
                let url = try await self.relyingParty.logoutURL(of: session, state: state)
                if let url { response = Self.seeOther(url) }
            } catch {
                throw PortalError.loggedOutHere
            }
        }
        PortalCookie.session.delete(secure: self.isSecure, on: &response)
        return response
    }

    @Sendable func chooseLanguage(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: 1024) else { throw PortalError.malformedRequest }
        let form = try FormFields(parsing: String(buffer: body))
        guard let language = form["language"].flatMap(Language.init(rawValue:)) else {
            throw PortalError.malformedRequest
        }
        var response = Self.seeOther(form["return"] == "/details" ? "/details" : "/")
        PortalCookie.language.set(
            language.rawValue, for: 365 * 24 * 3600, secure: self.isSecure, on: &response)
        return response
    }

    private var isSecure: Bool { self.address.current.isSecure }

    private static func seeOther(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}
