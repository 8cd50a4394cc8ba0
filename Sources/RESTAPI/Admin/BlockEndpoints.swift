internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identity
internal import Outbox
internal import Time

/// Blocks of numbers to which no codes go, below `/api/v1/admin/delivery/blocks`: seen, and opened again.
package struct BlockEndpoints: Sendable {
    private let staff: StaffFlow
    private let outbox: OutboxFlow

    package init(staff: StaffFlow, outbox: OutboxFlow) {
        self.staff = staff
        self.outbox = outbox
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/delivery/blocks", [.get: self.list])
        routes.endpoint("/delivery/blocks/:prefix/resume", [.post: self.resume])
    }

    @Sendable private func list(_ request: Request, context: EdgeContext) async throws -> Response {
        try await AdminCall.answering {
            _ = try await self.staff.prove(try AdminCall.claim(request, self.staff), for: .seeDelivery)
            return .json(["blocks": .array(try await self.outbox.stoppedBlocks().map(Self.body))])
        }
    }

    @Sendable private func resume(_ request: Request, context: EdgeContext) async throws -> Response {
        try await AdminCall.answering {
            let claim = try AdminCall.claim(request, self.staff)
            let member = try await self.staff.prove(claim, for: .switchProvider)
            var body = try await request.jsonObject()
            let reason = try AdminCall.reason(&body)
            try body.finish()
            let action = try StaffAction(staff: member.id, name: member.name, reason: reason)
            let prefix = AdminCall.component("prefix", context) ?? ""
            guard Self.isPrefix(prefix) else { throw Self.noSuchBlock }
            do {
                try await self.outbox.resume(block: prefix, by: action, origin: context.origin)
            } catch OutboxError.noSuchBlock {
                throw Self.noSuchBlock
            }
            return .json(["prefix": .string(prefix)])
        }
    }

    private static func isPrefix(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (1...15).contains(digits.count)
            && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let noSuchBlock = PublicError(
        .notFound, .notFound, detail: "no stopped block of numbers has this prefix")

    private static func body(_ block: StoppedBlock) -> JSONValue {
        .object(omittingAbsent: [
            "prefix": .string(block.prefix), "region": .string(block.region), "codes": .string(block.purpose.rawValue),
            "since": .string(block.since.rfc3339), "until": block.until.map { .string($0.rfc3339) },
            "sent": .integer(block.sent), "used": .integer(block.used),
        ])
    }
}
