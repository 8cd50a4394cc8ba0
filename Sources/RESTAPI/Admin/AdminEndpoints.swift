package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird

/// The admin API, below `/api/v1/admin`: what staff do for users, with an access token of the scope `admin`.
package struct AdminEndpoints: Sendable {
    let flow: StaffFlow
    let cards: StaffCardFlow
    let delivery: StaffDeliveryFlow

    package init(flow: StaffFlow, cards: StaffCardFlow, delivery: StaffDeliveryFlow) {
        self.flow = flow
        self.cards = cards
        self.delivery = delivery
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        self.mountUsers(on: routes)
        self.mountPasswords(on: routes)
        self.mountCards(on: routes)
        self.mountApplications(on: routes)
        self.mountDelivery(on: routes)
        self.mountBlocks(on: routes)
        self.mountRecords(on: routes)
    }

    func answer(_ handler: @escaping @Sendable (Request, EdgeContext, StaffClaim) async throws -> Response)
        -> @Sendable (Request, EdgeContext) async throws -> Response
    {
        { request, context in
            try await AdminCall.answering {
                try await handler(request, context, try AdminCall.claim(request, self.flow))
            }
        }
    }
}
