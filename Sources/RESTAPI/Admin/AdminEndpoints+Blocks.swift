internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Outbox
internal import Time

/// Blocks of numbers to which no codes go: seen, and opened again.
extension AdminEndpoints {
    func mountBlocks(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/delivery/blocks", [.get: self.answer(self.blocks)])
        routes.endpoint("/delivery/blocks/:prefix/resume", [.post: self.answer(self.resumeBlock)])
    }

    private func blocks(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        .json(["blocks": .array(try await self.delivery.stoppedBlocks(by: .token(claim)).map(Self.body))])
    }

    private func resumeBlock(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let reason = try AdminCall.reason(&body)
        try body.finish()
        // One that nothing stands under is stopped by nobody.
        let prefix = context.component("prefix") ?? ""
        try await self.delivery.resume(block: prefix, reason: reason, by: .token(claim), origin: context.origin)
        return .json(["prefix": .string(prefix)])
    }

    private static func body(_ block: StoppedBlock) -> JSONValue {
        .object(omittingAbsent: [
            "prefix": .string(block.prefix), "region": .string(block.region), "codes": .string(block.purpose.rawValue),
            "since": .string(block.since.rfc3339), "until": block.until.map { .string($0.rfc3339) },
            "sent": .integer(block.sent), "used": .integer(block.used),
        ])
    }
}
