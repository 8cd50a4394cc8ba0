internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers

extension AdminEndpoints {
    func mountCards(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/cards", [.get: self.answer(self.waitingCards)])
        routes.endpoint("/cards/import", [.post: self.answer(self.importCards)])
        routes.endpoint("/cards/:serial", [.get: self.answer(self.showCard)])
        routes.endpoint("/cards/:serial/pin", [.put: self.answer(self.setPIN)])
        for step in StaffCardStep.allCases {
            routes.endpoint("/cards/:serial/\(step.rawValue)", [.post: self.answer(self.taking(step))])
        }
        routes.endpoint("/users/:username/cards", [.post: self.answer(self.orderCard)])
    }

    /// `?waiting=true&limit=100`
    private func waitingCards(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response
    {
        let query = try request.queryFields()
        try AdminQuery.refuseOthers(than: ["waiting", "limit"], in: query)
        guard query["waiting"] == "true" else {
            throw PublicError.badRequest("say waiting=true: the cards that wait to be sent are listed, and no others")
        }
        let most = try AdminQuery.integer("limit", in: query, 1...1000) ?? 100
        return .json(AdminBody.waiting(try await self.cards.waiting(most, by: claim)))
    }

    private func showCard(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        .json(AdminBody.card(try await self.cards.card(try AdminCall.serial(context), by: claim)))
    }

    private func taking(
        _ step: StaffCardStep
    ) -> @Sendable (Request, EdgeContext, StaffClaim) async throws -> Response {
        { request, context, claim in
            var body = try await request.jsonObject()
            let reason = try AdminCall.reason(&body)
            try body.finish()
            let card = try await self.cards.take(
                step, on: try AdminCall.serial(context), reason: reason, by: claim, origin: context.origin)
            return .json(AdminBody.card(card))
        }
    }

    private func setPIN(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let typed = try body.optionalString("pin", maximum: 20)
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let (card, pin) = try await self.cards.setPIN(
            of: try AdminCall.serial(context), to: typed, reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.card(card, drawn: typed == nil ? pin : nil))
    }

    private func orderCard(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let address = try ClientMetadata.texts("address", &body).joined(separator: "\n")
        let typed = try body.optionalString("pin", maximum: 20)
        let isMakers = try body.optionalBool("makers_pin") ?? false
        let reason = try AdminCall.reason(&body)
        try body.finish()
        guard typed == nil || !isMakers else { throw PublicError.badRequest("give pin or makers_pin, not both") }
        let choice: StaffPIN = isMakers ? .makers : typed.map(StaffPIN.typed) ?? .drawn
        let (card, pin) = try await self.cards.order(
            for: try AdminCall.userName(context), pin: choice, address: address, reason: reason, by: claim,
            origin: context.origin)
        return .json(AdminBody.card(card, drawn: typed == nil ? pin : nil), status: .created)
    }

    /// Nobody but who may import makes the server read so large a body.
    private func importCards(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try await self.cards.mayImport(claim)
        var body = try await request.jsonObject(atMost: AdminCardImport.largestBody)
        let batch = try AdminCardImport.read(&body)
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let id = try await self.cards.add(batch, reason: reason, by: claim, origin: context.origin)
        return .json(["batch": .string(id.text), "cards": .integer(Int64(batch.cards.count))], status: .created)
    }
}
