internal import Channels
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Outbox
internal import Time

/// What was sent, through whom, and whether it arrived; providers; tests.
extension AdminEndpoints {
    func mountDelivery(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/delivery/statistics", [.get: self.answer(self.statistics)])
        routes.endpoint("/delivery/providers", [.get: self.answer(self.providers)])
        for step in ["stop", "resume"] {
            routes.endpoint(
                "/delivery/providers/:provider/\(step)", [.post: self.answer(self.switching(on: step == "resume"))])
        }
        routes.endpoint("/delivery/messages", [.get: self.answer(self.messages)])
        routes.endpoint("/delivery/tests", [.post: self.answer(self.sendTest)])
        routes.endpoint("/delivery/tests/:message", [.get: self.answer(self.showTest)])
    }

    /// `?since=2026-11-01T00:00:00Z&until=…`: the last 24 hours where nothing is said.
    private func statistics(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        let query = try request.queryFields()
        try AdminQuery.refuseOthers(than: ["since", "until"], in: query)
        let now = self.delivery.now()
        let until = try AdminQuery.time("until", in: query) ?? now + .milliseconds(1)
        let since = try AdminQuery.time("since", in: query) ?? until - .hours(24)
        guard let span = DeliverySpan(since: since, until: until) else {
            throw PublicError.badRequest("until is later than since, by 92 days at most")
        }
        return .json(AdminBody.summary(try await self.delivery.summary(of: span, by: .token(claim))))
    }

    private func providers(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try AdminQuery.refuseOthers(than: [], in: try request.queryFields())
        let providers = try await self.delivery.providers(by: .token(claim))
        return .json(["providers": .array(providers.map(AdminBody.provider))])
    }

    private func switching(
        on: Bool
    ) -> @Sendable (Request, EdgeContext, StaffClaim) async throws -> Response {
        { request, context, claim in
            var body = try await request.jsonObject()
            let reason = try AdminCall.reason(&body)
            try body.finish()
            let name = context.component("provider") ?? ""
            try await self.delivery.switch(
                name, on: on, reason: reason, by: .token(claim), origin: context.origin)
            return .json(["name": .string(name), "is_on": .bool(on)])
        }
    }

    /// `?limit=50`
    private func messages(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        let query = try request.queryFields()
        try AdminQuery.refuseOthers(than: ["limit"], in: query)
        let most = try AdminQuery.integer("limit", in: query, 1...1000) ?? 50
        let messages = try await self.delivery.messages(most, by: .token(claim))
        return .json(["messages": .array(messages.map(AdminBody.message))])
    }

    private func sendTest(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let recipient = try body.string("to", minimum: 1, maximum: 254)
        let channel = try body.string("channel", maximum: 20)
        let language = try body.optionalString("language", maximum: 20) ?? Language.english.rawValue
        let provider = try body.optionalString("provider", maximum: 100)
        let reason = try AdminCall.reason(&body)
        try body.finish()
        guard let channel = MessageChannel(rawValue: channel) else {
            throw PublicError.badRequest("channel is text, voice or mail")
        }
        guard Language(rawValue: language) != nil else { throw PublicError.badRequest("language is en or zh-Hant") }
        let order = TestOrder(to: recipient, by: channel, language: language, through: provider)
        let sent = try await self.delivery.send(
            order, reason: reason, by: .token(claim), origin: context.origin)
        return .json(AdminBody.message(sent), status: .created)
    }

    /// `?version=3&wait=25`: as soon as the test has another version, after 25 seconds at the latest.
    private func showTest(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        let query = try request.queryFields()
        try AdminQuery.refuseOthers(than: ["version", "wait"], in: query)
        let version = try AdminQuery.integer("version", in: query, 1...Int(Int32.max)).map { Int64($0) }
        let wait = try AdminQuery.integer("wait", in: query, 1...60).map { Span.seconds(Int64($0)) }
        guard let id = context.parameters.get("message").flatMap({ DeliveryID($0) }),
            let test = try await self.delivery.test(id, knowing: version, wait: wait, by: .token(claim))
        else { throw PublicError(.notFound, .notFound, detail: "there is no such test") }
        return .json(AdminBody.message(test))
    }
}
