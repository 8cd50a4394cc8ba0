internal import Authenticators
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Login
package import OAuth
internal import PhoneNumbers
internal import Sessions
internal import Time

/// The user's telephone number: added, changed, verified by a code, removed.
package struct PhonePages: Sendable {
    private let flow: PhoneFlow
    private let door: AccountDoor
    private let frame: AccountFrame

    package init(account: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = PhoneFlow(account: account)
        self.door = AccountDoor(flow: account, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account/phone", [.get: self.show, .post: self.begin])
        routes.endpoint("/account/phone/remove", [.post: self.remove])
        routes.endpoint("/account/phone/acknowledge", [.post: self.acknowledge])
        routes.endpoint("/account/phone/checks/:id", [.get: self.showCheck, .post: self.confirm])
        routes.endpoint("/account/phone/checks/:id/code", [.post: self.sendAgain])
    }

    private static let path = "/account/phone"

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: Self.path) { secret in
            try await self.page(request, context, secret)
        }
    }

    @Sendable func begin(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            let typed = TypedPhone(country: form["country"] ?? "", number: form["number"] ?? "")
            let number: PhoneNumber
            do throws(PhoneNumberError) {
                number = try PhoneNumber(parsing: typed.number, in: typed.country.isEmpty ? nil : typed.country)
            } catch {
                return try await self.page(request, context, secret, typed: typed, error: error)
            }
            let view = try await self.flow.begin(number, secret, origin: self.frame.cookies.origin(request, context))
            return .seeOther(Self.path(of: view.challenge.id))
        }
    }

    @Sendable func showCheck(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: Self.path) { secret in
            guard let id = self.check(context), let view = try await self.flow.view(id, secret) else {
                return .seeOther(Self.path)
            }
            return try self.codePage(request, context, secret, view, [:])
        }
    }

    @Sendable func sendAgain(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            guard let id = self.check(context), let way = form["way"].flatMap(CodeWay.init(rawValue:)),
                let view = try await self.flow.sendAgain(
                    by: way, for: id, secret, origin: self.frame.cookies.origin(request, context))
            else { return .seeOther("\(Self.path)?done=over") }
            guard let refusal = view.refusal else { return .seeOther(Self.path(of: id)) }
            let messages = try self.frame.context(request, context, path: Self.path).messages
            let values = CodeWords.errors(.codeNotSent(refusal), messages, at: view.at)
            return try self.codePage(request, context, secret, view, values, status: .unprocessableContent)
        }
    }

    @Sendable func confirm(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            guard let id = self.check(context) else { return .seeOther(Self.path) }
            let end = try await self.flow.confirm(
                id, typed: form["code"] ?? "", secret, origin: self.frame.cookies.origin(request, context))
            let messages = try self.frame.context(request, context, path: Self.path).messages
            switch end {
            case .bound: return .seeOther("\(Self.path)?done=verified")
            case .over: return .seeOther("\(Self.path)?done=over")
            case .wrong(let view, let left, let isOlder):
                let values = CodeWords.wrong(triesLeft: left, isOlderCode: isOlder, messages)
                return try self.codePage(request, context, secret, view, values, status: .unprocessableContent)
            case .again(let view, let notice):
                let values = CodeWords.errors(notice, messages, at: view.at)
                return try self.codePage(request, context, secret, view, values, status: .unprocessableContent)
            }
        }
    }

    @Sendable func remove(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            guard let id = form["id"].flatMap({ AuthenticatorID($0) }) else { return .seeOther(Self.path) }
            switch try await self.flow.remove(id, secret, origin: context.origin) {
            case .removed: return .seeOther("\(Self.path)?done=removed")
            case .noSuchNumber: return .seeOther(Self.path)
            case .onlyFactor: return try await self.page(request, context, secret, isOnlyFactor: true)
            }
        }
    }

    /// The user knows that a number is a weaker factor, and goes on with the page that told him.
    @Sendable func acknowledge(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            try await self.flow.acknowledge(secret, origin: context.origin)
            let page = form["page"] == AccountPart.overview.rawValue ? AccountPart.overview : .phone
            return .seeOther("\(page.path)?done=acknowledged")
        }
    }

    private func check(_ context: EdgeContext) -> ChallengeID? {
        context.parameters.get("id").flatMap { ChallengeID($0) }
    }

    private static func path(of id: ChallengeID) -> String { "\(Self.path)/checks/\(id.text)" }
}

/// What the user typed, to be shown again where it was refused.
private struct TypedPhone {
    let country: String
    let number: String
}

extension PhonePages {
    private func page(
        _ request: Request, _ context: EdgeContext, _ secret: SecretToken, typed: TypedPhone? = nil,
        error: PhoneNumberError? = nil, isOnlyFactor: Bool = false
    ) async throws -> Response {
        let overview = try await self.flow.overview(secret)
        let page = try self.frame.context(request, context, path: Self.path)
        let messages = page.messages
        let numbers = overview.numbers.filter(\.isActive)
        var values: [String: Any] = [
            "has_numbers": !numbers.isEmpty, "numbers": numbers.map { Self.row($0, messages, at: overview.visitor.at) },
            "new_heading": messages.text("account.phone.\(numbers.isEmpty ? "add" : "change")_heading"),
            "new_hint": messages.text("account.phone.\(Self.step(numbers, overview))_hint"),
            "countries": Self.countries(
                chosen: typed?.country ?? numbers.first?.number.region ?? Self.region(of: request), messages),
            "typed": typed?.number ?? "",
        ]
        if let restricted = overview.restricted {
            values["restricted"] = RestrictedWords.panel(restricted, .phone, messages)
        }
        if overview.codesEnded, !numbers.isEmpty { values["codes_ended"] = messages.text("account.phone.codes_ended") }
        if isOnlyFactor { values["error"] = messages.text("account.phone.errors.only_factor") }
        if let error { values["number_error"] = messages.text("account.phone.errors.\(error.key)") }
        if let done = Self.done(request) { values["notice"] = messages.text("account.phone.done.\(done)") }
        let isRefused = error != nil || isOnlyFactor
        return try self.frame.page(
            .phone, page, secret: secret, of: overview.visitor.user,
            status: isRefused ? .unprocessableContent : .ok, values)
    }

    private func codePage(
        _ request: Request, _ context: EdgeContext, _ secret: SecretToken, _ view: NumberCheckView,
        _ errors: [String: Any], status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let path = Self.path(of: view.challenge.id)
        let page = try self.frame.context(request, context, path: path)
        let code = CodeOnItsWay(view.challenge, view.delivery, to: view.number.lastDigits)
        var values = CodeWords.challenge(code, page.messages, at: view.at)
        values["action"] = path
        values["send_action"] = "\(path)/code"
        // Shown whole: only so can he see that a digit is wrong.
        values["number"] = view.number.international
        values.merge(errors) { $1 }
        return try self.frame.page(
            .phone, template: "account_phone_code", title: "account.phone.code_heading", page, secret: secret,
            status: status, values)
    }

    private static func step(_ numbers: [HeldPhone], _ overview: PhoneOverview) -> String {
        if !numbers.isEmpty { return "change" }
        return overview.willWait ? "again" : "add"
    }

    private static func row(_ phone: HeldPhone, _ messages: Messages, at now: Instant) -> [String: Any] {
        var row: [String: Any] = [
            "id": phone.summary.id.text, "number": phone.number.masked,
            "last_used": phone.lastUsed.map { messages.text("authenticators.last_used", ["date": $0.minuteText]) }
                ?? messages.text("authenticators.never_used"),
            "remove_label": messages.text("account.phone.remove_label", ["last": phone.summary.label]),
        ]
        if let until = phone.binding.limitedUntil, now < until {
            row["limited"] = messages.text("account.phone.limited", ["until": until.minuteText])
        }
        return row
    }

    private static func countries(chosen: String?, _ messages: Messages) -> [[String: Any]] {
        CountryList.inLanguage(messages.language.rawValue).countries.map { country in
            [
                "code": country.code, "label": "\(country.flag) \(country.name) +\(country.callingCode)",
                "chosen": country.code == chosen,
            ]
        }
    }

    /// The region that the browser's first language names: `en-GB`, `zh-Hant-HK`.
    private static func region(of request: Request) -> String? {
        request.headers[.acceptLanguage]?.prefix { $0 != "," && $0 != ";" }.split(separator: "-").dropFirst().last
            .map { $0.uppercased() }
    }

    private static func done(_ request: Request) -> String? {
        ["verified", "over", "removed", "acknowledged"].first { request.uri.query == "done=\($0)" }
    }
}
