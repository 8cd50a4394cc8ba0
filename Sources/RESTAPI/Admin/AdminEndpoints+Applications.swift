internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import OAuth

/// Applications: what users sign in to.
extension AdminEndpoints {
    func mountApplications(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint(
            "/applications", [.get: self.answer(self.applications), .post: self.answer(self.register)])
        routes.endpoint(
            "/applications/:client_id",
            [.get: self.answer(self.showApplication), .patch: self.answer(self.changeApplication)])
        routes.endpoint("/applications/:client_id/rotate-secret", [.post: self.answer(self.rotateSecret)])
        routes.endpoint("/applications/:client_id/remove", [.post: self.answer(self.removeApplication)])
    }

    private func applications(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        let all = try await self.flow.applications(by: claim)
        return .json(["applications": .array(all.map { AdminBody.application($0) })])
    }

    private func showApplication(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        .json(AdminBody.application(try await self.flow.application(try AdminCall.clientID(context), by: claim)))
    }

    private func register(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let clientID = try body.string("client_id", minimum: 1, maximum: 100)
        guard clientID.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }) else {
            throw PublicError.badRequest("client_id has visible ASCII characters alone, and no colon")
        }
        var registration = try ClientMetadata.read(&body)
        registration.authentication = registration.authentication ?? .basic
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let secret = try await self.flow.register(
            clientID, registration, reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.credentials(clientID, secret), status: .created)
    }

    private func changeApplication(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        var body = try await request.jsonObject()
        let change = try ClientMetadata.Change(&body)
        let reason = try AdminCall.reason(&body)
        try body.finish()
        guard !change.isEmpty else { throw PublicError.badRequest("there is nothing to change") }
        let changed = try await self.flow.change(
            try AdminCall.clientID(context), reason: reason, by: claim, origin: context.origin
        ) { try change.applied(to: $0) }
        return .json(AdminBody.application(changed.application, secret: changed.secret))
    }

    private func rotateSecret(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        let (clientID, reason) = try await self.application(request, context)
        let secret = try await self.flow.rotateSecret(
            of: clientID, reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.credentials(clientID, secret))
    }

    private func removeApplication(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        let (clientID, reason) = try await self.application(request, context)
        try await self.flow.remove(clientID, reason: reason, by: claim, origin: context.origin)
        return .json([:])
    }

    /// Of a call whose body is the reason alone.
    private func application(
        _ request: Request, _ context: EdgeContext
    ) async throws -> (clientID: String, reason: String) {
        var body = try await request.jsonObject()
        let reason = try AdminCall.reason(&body)
        try body.finish()
        return (try AdminCall.clientID(context), reason)
    }
}
