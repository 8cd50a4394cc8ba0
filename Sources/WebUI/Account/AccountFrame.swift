internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity

/// The parts of the account, as its pages' navigation has them.
enum AccountPart: String, CaseIterable, Sendable {
    case overview, cards, phone, sessions, logins, password, delivery

    var path: String { self == .overview ? "/account" : "/account/\(self.rawValue)" }

    /// What its page does, where that is for the staff alone; nil for everybody's own account.
    private var operation: StaffOperation? { self == .delivery ? .seeDelivery : nil }

    /// The parts that somebody with these roles has.
    static func parts(for roles: Set<Role>) -> [AccountPart] {
        self.allCases.filter { $0.operation?.isAllowed(to: roles) ?? true }
    }
}

/// What the account's pages share: the navigation, the form token, the language.
struct AccountFrame: Sendable {
    let library: PageLibrary
    let cookies: EdgeCookies

    func context(_ request: Request, _ context: EdgeContext, path: String) throws -> PageContext {
        try PageContext(request, context, library: self.library, cookies: self.cookies, path: path)
    }

    /// - Parameters:
    ///   - template: its file's name, and `title` the key of its title; the part's own where none is given.
    ///   - secret: the session's, for the token of the page's forms.
    ///   - user: whose session it is: the staff has parts of its own.
    ///   - isLimited: whether the session is good for nothing but the page itself.
    func page(
        _ part: AccountPart, template: String? = nil, title: String? = nil, _ page: PageContext,
        secret: SecretToken, of user: User? = nil, isLimited: Bool = false, status: HTTPResponse.Status = .ok,
        _ values: [String: Any]
    ) throws -> Response {
        var all = values
        all["csrf"] = FormGuard.token(for: secret)
        all["has_nav"] = true
        all["nav_items"] = Self.items(part, page.messages, roles: isLimited ? nil : user?.roles ?? [])
        let title = page.messages.text(title ?? "account.\(part.rawValue).title")
        let template = template ?? "account_\(part.rawValue)"
        return .html(
            try self.library.render(template, page.messages, title: title, path: page.path, all), status: status)
    }

    /// A page that nobody is logged in to.
    ///
    /// - Parameter title: its key; `TEMPLATE.title` where none is given.
    func plain(
        _ template: String, title: String? = nil, _ page: PageContext, status: HTTPResponse.Status = .ok,
        _ values: [String: Any]
    ) throws -> Response {
        let title = page.messages.text(title ?? "\(template).title")
        return .html(
            try self.library.render(template, page.messages, title: title, path: page.path, values), status: status)
    }

    /// A page that says one thing, with a link onwards or a form that confirms.
    func message(
        _ page: PageContext, _ heading: String, _ sentence: String, link: (href: String, label: String)? = nil,
        action: (path: String, label: String, token: String)? = nil
    ) throws -> Response {
        var values: [String: Any] = ["heading": page.messages.text(heading), "sentence": sentence]
        if let link { values.merge(["href": link.href, "href_label": page.messages.text(link.label)]) { $1 } }
        if let action {
            let label = page.messages.text(action.label)
            values.merge(["action": action.path, "action_label": label, "csrf": action.token]) { $1 }
        }
        return try self.plain("account_message", title: heading, page, values)
    }

    /// - Parameter roles: the user's; nil for a session that is good for nothing but the page itself.
    private static func items(_ part: AccountPart, _ messages: Messages, roles: Set<Role>?) -> [[String: Any]] {
        let parts = roles.map(AccountPart.parts(for:)) ?? [.overview]
        let items = parts.map { each -> [String: Any] in
            [
                "href": each.path, "label": messages.text("account.\(each.rawValue).title"), "current": each == part,
            ]
        }
        return items + [["href": "/logout", "label": messages.text("home.sign_out"), "current": false]]
    }
}
