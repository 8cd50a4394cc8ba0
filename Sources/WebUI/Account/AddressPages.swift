internal import Authenticators
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Sessions

/// The user's postal address, to which cards are sent.
package struct AddressPages: Sendable {
    private let flow: AccountFlow
    private let door: AccountDoor
    private let frame: AccountFrame

    package init(flow: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.door = AccountDoor(flow: flow, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account/address", [.get: self.show, .post: self.change])
    }

    private static let path = "/account/address"

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: Self.path) { secret in
            let visitor = try await self.flow.admit(secret, to: .change)
            return try self.page(request, context, secret, address: visitor.user.postalAddress ?? "")
        }
    }

    @Sendable func change(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: Self.path, multiline: ["address"]) { secret, form in
            let typed = form["address"] ?? ""
            switch try await self.flow.changeAddress(typed, in: secret, origin: context.origin) {
            case .changed, .same: return .seeOther("/account?done=address_changed")
            case .refused(let error): return try self.page(request, context, secret, address: typed, error)
            }
        }
    }

    /// - Parameter address: as it stands, or as it was typed.
    private func page(
        _ request: Request, _ context: EdgeContext, _ secret: SecretToken, address: String,
        _ error: DeliveryAddressError? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: Self.path)
        var values: [String: Any] = ["address": address]
        if let error { values["address_error"] = CardWords.sentence(error, page.messages) }
        return try self.frame.page(
            .overview, template: "account_address", title: "account.address.title", page, secret: secret,
            status: error == nil ? .ok : .unprocessableContent, values)
    }
}
