internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import OAuth
internal import Sessions

/// The way into every page of a user's own account: whoever is not admitted is led through a login, and comes back.
struct AccountDoor: Sendable {
    let flow: AccountFlow
    let cookies: EdgeCookies
    let forms: FormGuard

    init(flow: AccountFlow, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.cookies = cookies
        self.forms = FormGuard(issuer: issuer)
    }

    /// Runs a step in the browser's session.
    ///
    /// - Parameters:
    ///   - returnTo: the page to come back to after a login; a path of ours, of a page that GET shows.
    ///   - step: asks the flow, which asks the guard. It may be admitted here and refused there: time passes.
    func pass(
        _ request: Request, _ context: EdgeContext, returnTo: String,
        _ step: (SecretToken) async throws -> Response
    ) async throws -> Response {
        do {
            guard let secret = self.cookies.sessionSecret(in: request) else { throw FlowError.notLoggedIn }
            return try await step(secret)
        } catch FlowError.notLoggedIn {
            return try await self.logIn(AccountVisit(returnTo: returnTo), context)
        } catch FlowError.notPermitted(.needsFreshSecondFactor, let user),
            FlowError.notPermitted(.needsStrongerFactor, let user)
        {
            return try await self.logIn(AccountVisit(returnTo: returnTo, user: user), context)
        } catch FlowError.notPermitted(.needsSecondFactor, _) {
            return .seeOther("/account")  // which says what can be done without
        } catch FlowError.notPermitted(.limited, _) {
            return .seeOther("/account/limited")
        } catch FlowError.notPermitted(.needsPINChange(let card), _) {
            return .seeOther(CardPages.path(card, .changePIN))
        }
    }

    /// The same for a form that one of our pages showed.
    func submit(
        _ request: Request, _ context: EdgeContext, returnTo: String, multiline: Set<String> = [],
        _ step: (SecretToken, FormFields) async throws -> Response
    ) async throws -> Response {
        try await self.pass(request, context, returnTo: returnTo) { secret in
            try await step(secret, try await self.forms.form(request, secret: secret, multiline: multiline))
        }
    }

    func logIn(_ visit: AccountVisit, _ context: EdgeContext) async throws -> Response {
        let ticket = try await self.flow.start(visit, origin: context.origin)
        var response = Response.seeOther("/login/\(ticket.id.text)")
        response.setCookie(self.cookies.login(ticket))
        return response
    }
}
