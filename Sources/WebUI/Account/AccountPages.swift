internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Sessions
internal import Time

/// What a user sees of his own account: what he has, what was changed, where he is logged in, what was tried.
package struct AccountPages: Sendable {
    private let flow: AccountFlow
    private let door: AccountDoor
    private let frame: AccountFrame

    package init(flow: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.door = AccountDoor(flow: flow, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account", [.get: self.overview])
        routes.endpoint("/account/login", [.get: self.logIn])
        routes.endpoint("/account/limited", [.get: self.limited])
        routes.endpoint("/account/sessions", [.get: self.sessions])
        routes.endpoint("/account/sessions/end", [.post: self.endSession])
        routes.endpoint("/account/sessions/end-others", [.post: self.endOthers])
        routes.endpoint("/account/logins", [.get: self.logins])
    }

    @Sendable func overview(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: "/account") { secret in
            let overview = try await self.flow.overview(secret)
            let page = try self.frame.context(request, context, path: "/account")
            let isLimited = overview.visitor.session.permits(.view, at: overview.visitor.at) != nil
            var values: [String: Any] = [
                "name": overview.visitor.user.displayName, "user_name": overview.visitor.user.name.text,
                "limited": isLimited, "has_address": overview.visitor.user.postalAddress != nil,
                "address": overview.visitor.user.postalAddress ?? "",
                "has_notices": !overview.notices.isEmpty,
                "notices": overview.notices.map { Self.row($0, page.messages) },
            ]
            values["done"] = Self.done(request, page.messages)
            values.merge(
                CardWords.overview(
                    overview.cards, page.messages, isLimited: isLimited, at: overview.visitor.at)
            ) { $1 }
            values["phones"] = overview.phones.map { Self.row($0, page.messages) }
            if !overview.phones.isEmpty { values["has_authenticators"] = true }
            if let restricted = overview.restricted, restricted.mustAcknowledge {
                values["restricted"] = RestrictedWords.panel(restricted, .overview, page.messages)
            }
            if let recovery = overview.recovery {
                values["has_recovery"] = true
                values["recovery"] = page.messages.text(
                    "account.recovery.sentence", ["until": recovery.usableFrom.minuteText])
            }
            return try self.frame.page(
                .overview, page, secret: secret, of: overview.visitor.user, isLimited: isLimited, values)
        }
    }

    /// Starts a login whatever session there is: for a user who got a second factor since he logged in.
    @Sendable func logIn(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.logIn(AccountVisit(returnTo: "/account"), context)
    }

    /// What a session cannot do that rests on a card bound by a weaker factor, until when, and what can be done about it.
    @Sendable func limited(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: "/account") { secret in
            let visitor = try await self.flow.admit(secret, to: .view)
            guard let until = visitor.session.limit(at: visitor.at) else { return .seeOther("/account") }
            let page = try self.frame.context(request, context, path: "/account/limited")
            return try self.frame.page(
                .overview, template: "account_message", title: "account.weak_card.heading", page, secret: secret,
                of: visitor.user, status: .forbidden,
                [
                    "heading": page.messages.text("account.weak_card.heading"),
                    "sentence": page.messages.text("account.weak_card.sentence", ["until": until.minuteText]),
                    "href": "/account/login", "href_label": page.messages.text("account.limited.again"),
                ])
        }
    }

    @Sendable func sessions(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: "/account/sessions") { secret in
            let (visitor, sessions) = try await self.flow.openSessions(secret)
            let page = try self.frame.context(request, context, path: "/account/sessions")
            let token = FormGuard.token(for: secret)
            return try self.frame.page(
                .sessions, page, secret: secret, of: visitor.user,
                [
                    "sessions": sessions.map {
                        Self.row($0, page.messages, isCurrent: $0.session.id == visitor.session.id, token: token)
                    },
                    "has_others": sessions.count > 1,
                ])
        }
    }

    @Sendable func endSession(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: "/account/sessions") { secret, form in
            guard let id = form["session"].flatMap({ SessionID($0) }) else {
                throw PublicError.badRequest("session: name one of the page's sessions")
            }
            try await self.flow.endSession(id, by: secret, origin: context.origin)
            return .seeOther("/account/sessions")
        }
    }

    @Sendable func endOthers(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: "/account/sessions") { secret, _ in
            try await self.flow.endOtherSessions(secret, origin: context.origin)
            return .seeOther("/account/sessions")
        }
    }

    @Sendable func logins(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: "/account/logins") { secret in
            let (visitor, logins) = try await self.flow.recentLogins(secret)
            let page = try self.frame.context(request, context, path: "/account/logins")
            return try self.frame.page(
                .logins, page, secret: secret, of: visitor.user,
                ["has_logins": !logins.isEmpty, "logins": logins.map { Self.row($0, page.messages) }])
        }
    }
}
