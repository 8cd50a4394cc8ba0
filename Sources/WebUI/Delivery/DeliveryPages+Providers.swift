internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import Outbox

/// Switching a provider off and on: a page that says what follows, and a form that does it.
extension DeliveryPages {
    @Sendable func showProvider(_ request: Request, context: EdgeContext) async throws -> Response {
        let path = Self.path(context)
        return try await self.pass(request, context, returnTo: path, for: .switchProvider) { visitor, secret in
            let standing = try await self.standing(context, secret)
            return try self.providerPage(standing, visitor, secret, request, context)
        }
    }

    @Sendable func change(_ request: Request, context: EdgeContext) async throws -> Response {
        let path = Self.path(context)
        return try await self.submit(request, context, returnTo: path, for: .switchProvider) { visitor, secret, form in
            let standing = try await self.standing(context, secret)
            let isOn = form["on"] == "yes"
            do {
                try await self.flow.switch(
                    standing.provider.name, on: isOn, reason: form["reason"] ?? "", by: .session(secret),
                    origin: context.origin)
            } catch let error as StaffActionError {
                return try self.providerPage(
                    standing, visitor, secret, request, context, reason: form["reason"], error: error)
            }
            return .seeOther("\(Self.path)?done=\(isOn ? "resumed" : "stopped")")
        }
    }

    private static func path(_ context: EdgeContext) -> String {
        "\(Self.path)/providers/\(context.parameters.get("provider") ?? "")"
    }

    private func standing(_ context: EdgeContext, _ secret: SecretToken) async throws -> ProviderStanding {
        let providers = try await self.flow.providers(by: .session(secret))
        guard let found = providers.first(where: { $0.provider.name == context.component("provider") }) else {
            throw PublicError(.notFound, .notFound)
        }
        return found
    }

    private func providerPage(
        _ standing: ProviderStanding, _ visitor: AccountVisitor, _ secret: SecretToken, _ request: Request,
        _ context: EdgeContext, reason: String? = nil, error: StaffActionError? = nil
    ) throws -> Response {
        let path = Self.path(context)
        let page = try self.frame.context(request, context, path: path)
        let words = "account.delivery.\(standing.isOn ? "stop" : "resume")"
        var values: [String: Any] = [
            "heading": page.messages.text("\(words).title"), "provider": standing.provider.name,
            "sentence": page.messages.text("\(words).sentence"), "submit": page.messages.text("\(words).submit"),
            "action": path, "on": standing.isOn ? "no" : "yes", "reason": reason ?? "",
        ]
        if let error { values["reason_error"] = DeliveryWords(page.messages).error(error) }
        return try self.page(
            page, visitor, secret, template: "account_delivery_provider", title: "\(words).title",
            isRefused: error != nil, values)
    }
}
