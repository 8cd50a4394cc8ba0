internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import Outbox

/// Opening a block of numbers again that was stopped.
extension DeliveryPages {
    @Sendable func showBlock(_ request: Request, context: EdgeContext) async throws -> Response {
        let path = Self.blockPath(context)
        return try await self.pass(request, context, returnTo: path, for: .switchProvider) { visitor, secret in
            let block = try await self.block(context, secret)
            return try self.blockPage(block, visitor, secret, request, context)
        }
    }

    @Sendable func resumeBlock(_ request: Request, context: EdgeContext) async throws -> Response {
        let path = Self.blockPath(context)
        return try await self.submit(request, context, returnTo: path, for: .switchProvider) { visitor, secret, form in
            let block = try await self.block(context, secret)
            do {
                try await self.flow.resume(
                    block: block.prefix, reason: form["reason"] ?? "", by: .session(secret), origin: context.origin)
            } catch let error as StaffActionError {
                return try self.blockPage(
                    block, visitor, secret, request, context, reason: form["reason"], error: error)
            } catch OutboxError.noSuchBlock {
                // Somebody else was first, or its time was up.
            }
            return .seeOther("\(Self.path)?done=block_resumed")
        }
    }

    /// Without its plus sign, which means something else in addresses.
    static func blockPath(_ prefix: String) -> String { "\(Self.path)/blocks/\(prefix.dropFirst())" }

    private static func blockPath(_ context: EdgeContext) -> String {
        "\(Self.path)/blocks/\(context.parameters.get("digits") ?? "")"
    }

    private func block(_ context: EdgeContext, _ secret: SecretToken) async throws -> StoppedBlock {
        let prefix = "+\(context.parameters.get("digits") ?? "")"
        let blocks = try await self.flow.stoppedBlocks(by: .session(secret))
        guard let found = blocks.first(where: { $0.prefix == prefix }) else { throw PublicError(.notFound, .notFound) }
        return found
    }

    private func blockPage(
        _ block: StoppedBlock, _ visitor: AccountVisitor, _ secret: SecretToken, _ request: Request,
        _ context: EdgeContext, reason: String? = nil, error: StaffActionError? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: Self.blockPath(context))
        let words = "account.delivery.resume_block"
        var values: [String: Any] = [
            "heading": page.messages.text("\(words).title"), "provider": block.prefix,
            "sentence": page.messages.text("\(words).sentence"), "submit": page.messages.text("\(words).submit"),
            "action": Self.blockPath(context), "on": "yes", "reason": reason ?? "",
        ]
        if let error { values["reason_error"] = DeliveryWords(page.messages).error(error) }
        return try self.page(
            page, visitor, secret, template: "account_delivery_provider", title: "\(words).title",
            isRefused: error != nil, values)
    }
}
