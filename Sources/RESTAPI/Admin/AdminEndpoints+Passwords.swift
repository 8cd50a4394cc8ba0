internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identity

/// Codes for users who cannot log in for want of a password. Each is told once.
extension AdminEndpoints {
    func mountPasswords(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/users/:username/activation-code", [.post: self.answer(self.issueCode)])
        routes.endpoint("/users/:username/recovery", [.post: self.answer(self.startRecovery)])
        routes.endpoint("/users/:username/recovery/cancel", [.post: self.answer(self.cancelRecovery)])
    }

    private func issueCode(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let delivery: FirstPasswordDelivery
        switch try body.string("kind", maximum: 20) {
        case "letter": delivery = .letter
        case "spoken": delivery = .spoken
        default: throw PublicError.badRequest("kind is not letter or spoken")
        }
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let (code, issued) = try await self.flow.issueCode(
            delivery, for: try AdminCall.userName(context), reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.code(code, issued), status: .created)
    }

    private func startRecovery(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        var body = try await request.jsonObject()
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let (code, issued) = try await self.flow.startRecovery(
            of: try AdminCall.userName(context), reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.code(code, issued), status: .created)
    }

    private func cancelRecovery(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        try await self.acting(request, context) { name, reason in
            let had = try await self.flow.cancelRecovery(
                of: name, reason: reason, by: claim, origin: context.origin)
            return ["cancelled": .bool(had)]
        }
    }
}
