internal import Channels
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import Outbox
internal import Time

/// Sending a test, and seeing what becomes of it.
extension DeliveryPages {
    private static let testPath = "\(Self.path)/test"

    @Sendable func showTest(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.pass(request, context, returnTo: Self.testPath, for: .testDelivery) { visitor, secret in
            try await self.testPage(TypedTest(), visitor, secret, request, context)
        }
    }

    @Sendable func sendTest(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.submit(request, context, returnTo: Self.testPath, for: .testDelivery) { visitor, secret, form in
            let typed = TypedTest(form)
            guard let order = typed.order(in: try self.frame.context(request, context, path: Self.testPath)) else {
                throw PublicError.badRequest("way: choose one of the page's ways")
            }
            do {
                let sent = try await self.flow.send(
                    order, reason: typed.reason, by: .session(secret), origin: context.origin)
                return .seeOther("\(Self.path(of: sent.id))?wait")
            } catch let error as StaffActionError {
                return try await self.testPage(typed, visitor, secret, request, context, reason: error)
            } catch let refusal as TestRefusal {
                return try await self.testPage(typed, visitor, secret, request, context, refusal: refusal)
            }
        }
    }

    static func path(of message: DeliveryID) -> String { "\(Self.path)/tests/\(message.text)" }

    /// How long the page of a test waits for what becomes of it before it is shown as it stands.
    private static let patience = Span.seconds(4)

    /// With `?wait` once the test is final, or as it stands after some seconds.
    @Sendable func showSent(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.pass(request, context, returnTo: Self.path, for: .seeDelivery) { visitor, secret in
            let proof = StaffProof.session(secret)
            guard let id = context.parameters.get("message").flatMap({ DeliveryID($0) }),
                let test = try await request.uri.query == "wait"
                    ? self.flow.settledTest(id, wait: Self.patience, by: proof) : self.flow.test(id, by: proof)
            else { throw PublicError(.notFound, .notFound) }
            let page = try self.frame.context(request, context, path: Self.path(of: id))
            let words = DeliveryWords(page.messages)
            return try self.page(
                page, visitor, secret, template: "account_delivery_sent", title: "account.delivery.sent.title",
                [
                    "lead": words.subject(test), "state": words.state(test), "failed": test.state == .failed,
                    "facts": words.facts(test), "open": !test.isFinal, "again": "\(Self.path(of: id))?wait",
                ])
        }
    }

    private func testPage(
        _ typed: TypedTest, _ visitor: AccountVisitor, _ secret: SecretToken, _ request: Request,
        _ context: EdgeContext, reason: StaffActionError? = nil, refusal: TestRefusal? = nil
    ) async throws -> Response {
        let providers = try await self.flow.providers(by: .session(secret))
        let page = try self.frame.context(request, context, path: Self.testPath)
        let words = DeliveryWords(page.messages)
        var values: [String: Any] = [
            "to": typed.to, "reason": typed.reason, "ways": words.ways(providers, chosen: typed.way),
        ]
        if let reason { values["reason_error"] = words.error(reason) }
        switch refusal {
        case .number, .mailAddress: values["to_error"] = refusal.map { words.error($0) }
        case .noSuchProvider, .countryNotAllowed, .noWayThere, .switchedOff:
            values["error"] = refusal.map { words.error($0) }
        case nil: break
        }
        return try self.page(
            page, visitor, secret, template: "account_delivery_test", title: "account.delivery.test.heading",
            isRefused: reason != nil || refusal != nil, values)
    }
}

/// What was typed, to be shown again where it was refused.
private struct TypedTest {
    var to = ""
    /// `text`, or `text:carrier` where one provider was chosen.
    var way = ""
    var reason = ""

    init() {}

    init(_ form: FormFields) {
        (self.to, self.way, self.reason) = (form["to"] ?? "", form["way"] ?? "", form["reason"] ?? "")
    }

    func order(in page: PageContext) -> TestOrder? {
        let parts = self.way.split(separator: ":", maxSplits: 1).map(String.init)
        guard let channel = parts.first.flatMap(MessageChannel.init(rawValue:)) else { return nil }
        return TestOrder(
            to: self.to, by: channel, language: page.messages.language.rawValue, through: parts.dropFirst().first)
    }
}
