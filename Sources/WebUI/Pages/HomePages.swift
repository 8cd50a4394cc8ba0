package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Sessions

/// What a user sees who opens the server itself, and the way out: logging out asks first.
package struct HomePages: Sendable {
    private let flow: AuthorizationFlow
    private let library: PageLibrary
    private let cookies: EdgeCookies
    private let forms: FormGuard

    package init(flow: AuthorizationFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.library = library
        self.cookies = cookies
        self.forms = FormGuard(issuer: issuer)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/", [.get: self.home])
        routes.endpoint("/logout", [.get: self.askLogOut, .post: self.logOut])
        routes.endpoint("/logged-out", [.get: self.loggedOut])
    }

    @Sendable func home(_ request: Request, context: EdgeContext) async throws -> Response {
        var values: [String: Any] = [:]
        if let secret = self.cookies.sessionSecret(in: request), let open = try await self.flow.session(secret) {
            values["session"] = ["name": open.user.displayName, "since": open.session.created.minuteText]
            values["sign_out_href"] = "/logout"
        }
        return try self.page("home", request, context, values)
    }

    @Sendable func askLogOut(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let secret = self.cookies.sessionSecret(in: request), try await self.flow.session(secret) != nil else {
            return .seeOther("/logged-out")
        }
        return try self.page(
            "sign_out", request, context,
            ["action": "/logout", "csrf": FormGuard.token(for: secret), "stay_href": "/"])
    }

    @Sendable func logOut(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let secret = self.cookies.sessionSecret(in: request) else { return .seeOther("/logged-out") }
        _ = try await self.forms.form(request, secret: secret)
        try await self.flow.logOut(secret, origin: context.origin)
        var response = Response.seeOther("/logged-out")
        response.setCookie(self.cookies.endedSession())
        return response
    }

    @Sendable func loggedOut(_ request: Request, context: EdgeContext) async throws -> Response {
        try self.page("signed_out", request, context, [:])
    }

    private func page(
        _ template: String, _ request: Request, _ context: EdgeContext, _ values: [String: Any]
    ) throws -> Response {
        let page = try PageContext(request, context, library: self.library, cookies: self.cookies)
        let title = page.messages.text("\(template).title")
        return .html(try self.library.render(template, page.messages, title: title, path: page.path, values))
    }
}
