internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Outbox
internal import Time

/// What the staff sees of codes and notices on their way, and does about those who carry them. To everybody else there are no such
/// pages.
package struct DeliveryPages: Sendable {
    let flow: StaffDeliveryFlow
    let door: AccountDoor
    let frame: AccountFrame

    package init(
        flow: StaffDeliveryFlow, account: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer
    ) {
        self.flow = flow
        self.door = AccountDoor(flow: account, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint(RouterPath(Self.path), [.get: self.show])
        routes.endpoint(RouterPath("\(Self.path)/providers/:provider"), [.get: self.showProvider, .post: self.change])
        routes.endpoint(RouterPath("\(Self.path)/blocks/:digits"), [.get: self.showBlock, .post: self.resumeBlock])
        routes.endpoint(RouterPath("\(Self.path)/test"), [.get: self.showTest, .post: self.sendTest])
        routes.endpoint(RouterPath("\(Self.path)/tests/:message"), [.get: self.showSent])
    }

    static let path = "/account/delivery"
    /// How many messages, and blocks of numbers, the page lists.
    private static let shown = 30

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        let span = DeliveryWindow(request)
        return try await self.pass(request, context, returnTo: span.path, for: .seeDelivery) { visitor, secret in
            let proof = StaffProof.session(secret)
            let summary = try await self.flow.summary(of: DeliverySpan(last: span.length, at: visitor.at), by: proof)
            let providers = try await self.flow.providers(by: proof)
            let messages = try await self.flow.messages(Self.shown, by: proof)
            let blocks = try await self.flow.stoppedBlocks(by: proof)
            let page = try self.frame.context(request, context, path: Self.path)
            let words = DeliveryWords(page.messages)
            let maySwitch = StaffOperation.switchProvider.isAllowed(to: visitor.user.roles)
            var values: [String: Any] = [
                "spans": DeliveryWindow.allCases.map { words.window($0, isChosen: $0 == span) },
                "totals": words.totals(summary.total),
                "tables": [
                    words.table("provider", summary.byProvider), words.table("region", summary.byRegion),
                    words.table("prefix", Array(summary.byPrefix.prefix(Self.shown))),
                ],
                "has_blocks": !blocks.isEmpty, "blocks": blocks.map { words.block($0, mayResume: maySwitch) },
                "has_messages": !messages.isEmpty, "has_providers": !providers.isEmpty,
                "messages": messages.map(words.message),
                "providers": providers.map { words.provider($0, maySwitch: maySwitch) },
                "may_test": StaffOperation.testDelivery.isAllowed(to: visitor.user.roles) && !providers.isEmpty,
            ]
            values["without_price"] = words.withoutPrice(summary.total)
            values["done"] = Self.done(request, page.messages)
            return try self.page(page, visitor, secret, values)
        }
    }

    private static func done(_ request: Request, _ messages: Messages) -> String? {
        ["stopped", "resumed", "block_resumed"].first { request.uri.query == "done=\($0)" }
            .map { messages.text("account.delivery.done.\($0)") }
    }
}

// The way into each of them.
extension DeliveryPages {
    /// Runs a step for somebody who may do it. Nothing of what anybody else sends is even read.
    func pass(
        _ request: Request, _ context: EdgeContext, returnTo: String, for operation: StaffOperation,
        _ step: (AccountVisitor, SecretToken) async throws -> Response
    ) async throws -> Response {
        try await self.door.pass(request, context, returnTo: returnTo) { secret in
            do {
                return try await step(try await self.flow.admit(secret, for: operation), secret)
            } catch is StaffError {
                throw PublicError(.notFound, .notFound)
            }
        }
    }

    /// The same for a form that one of our pages showed.
    func submit(
        _ request: Request, _ context: EdgeContext, returnTo: String, for operation: StaffOperation,
        _ step: (AccountVisitor, SecretToken, FormFields) async throws -> Response
    ) async throws -> Response {
        try await self.pass(request, context, returnTo: returnTo, for: operation) { visitor, secret in
            try await step(visitor, secret, try await self.door.forms.form(request, secret: secret))
        }
    }

    /// - Parameters:
    ///   - template: of the part itself where none is given.
    ///   - title: its key.
    func page(
        _ page: PageContext, _ visitor: AccountVisitor, _ secret: SecretToken, template: String? = nil,
        title: String? = nil, isRefused: Bool = false, _ values: [String: Any]
    ) throws -> Response {
        try self.frame.page(
            .delivery, template: template, title: title, page, secret: secret, of: visitor.user,
            status: isRefused ? .unprocessableContent : .ok, values.merging(["wide": template == nil]) { $1 })
    }
}

/// Which messages the figures are of.
enum DeliveryWindow: String, CaseIterable, Sendable {
    case day, week

    /// From `?span=week`.
    init(_ request: Request) { self = request.uri.query == "span=\(Self.week.rawValue)" ? .week : .day }

    var length: Span {
        switch self {
        case .day: .hours(24)
        case .week: .days(7)
        }
    }

    var path: String { self == .day ? DeliveryPages.path : "\(DeliveryPages.path)?span=\(self.rawValue)" }
}
