import Encodings
import HTTPTypes
import Hummingbird
import Time

/// What tests ask and order, in JSON: everything that the pages show, and all that can be done there.
///
///     GET /api/phones                 GET /api/messages[?number=+852…]        DELETE /api/messages   forgets texts and calls
///     GET /api/calls[?number=+852…]   POST /api/calls/{id}/answer|decline|hangup, and …/key with {"key": "1"}
///     GET /api/mails[?to=…]           what came by mail
///     GET /api/faults                 POST /api/faults                        DELETE /api/faults     all is well again
struct TestAPI: Sendable {
    let exchange: Exchange

    func mount(on router: Router<CarrierContext>) {
        let api = router.group("/api")
        api.get("/phones") { _, _ in Response.json(["phones": self.exchange.read { $0.phonesJSON }]) }
        api.get("/messages", use: self.messages)
        api.get("/mails", use: self.mails)
        api.delete("/messages") { _, _ in self.done { carrier, _ in carrier.clear() } }
        api.get("/calls", use: self.calls)
        api.post("/calls/:number/:action", use: self.act)
        api.get("/faults") { _, _ in Response.json(self.exchange.read { $0.faultsJSON }) }
        api.post("/faults", use: self.order)
        api.delete("/faults") { _, _ in self.done { carrier, now in carrier.mend(at: now) } }
    }

    @Sendable func messages(_ request: Request, context: CarrierContext) -> Response {
        guard let number = Self.number(request) else { return Self.badNumber }
        let texts = self.exchange.read { carrier in
            carrier.texts.filter { number == .all || number == .one($0.submission.to) }
        }
        return .json(["messages": .array(texts.map(\.json))])
    }

    @Sendable func mails(_ request: Request, context: CarrierContext) -> Response {
        let address = request.uri.queryParameters.get("to")
        let mails = self.exchange.read { carrier in
            carrier.mails.filter { mail in address.map { mail.to.contains($0) } ?? true }
        }
        return .json(["mails": .array(mails.map(\.json))])
    }

    @Sendable func calls(_ request: Request, context: CarrierContext) -> Response {
        guard let number = Self.number(request) else { return Self.badNumber }
        let calls = self.exchange.read { carrier in carrier.calls.filter { number == .all || number == .one($0.to) } }
        return .json(["calls": .array(calls.map(\.json))])
    }

    @Sendable func act(_ request: Request, context: CarrierContext) async throws -> Response {
        guard let name = context.parameters.get("action"),
            let number = context.parameters.get("number").flatMap({ Int($0) }),
            self.exchange.read({ $0.calls.contains { $0.number == number } })
        else { return .failure("not_found", "There is no such call or action.", .notFound) }
        var key: String?
        if name == "key" {
            guard case .string(let text)? = try await request.json()?["key"] else {
                return .failure("malformed", "The body is {\"key\": \"1\"}.", .badRequest)
            }
            key = text
        }
        guard let action = CallAction(name, key: key) else {
            return .failure("not_found", "There is no such action or key.", .notFound)
        }
        guard action.perform(on: number, at: self.exchange) else {
            return .failure("not_now", "The call is not so far, or past it.", .conflict)
        }
        return Response(status: .noContent)
    }

    @Sendable func order(_ request: Request, context: CarrierContext) async throws -> Response {
        guard let value = try await request.json() else {
            return .failure("malformed", "The body is not JSON of type application/json.", .badRequest)
        }
        do throws(JSONMemberError) {
            let order = try FaultOrder(value)
            self.exchange.change { carrier, now in order.apply(to: &carrier, at: now) }
            return .json(self.exchange.read { $0.faultsJSON })
        } catch { return .failure("malformed", "\(error)", .badRequest) }
    }

    private func done(_ body: (inout Carrier, Instant) -> Void) -> Response {
        self.exchange.change(body)
        return Response(status: .noContent)
    }

    private enum Numbers: Equatable {
        case all
        case one(PhoneNumber)
    }

    /// A plus sign in a query is a space, unless it is escaped: both are taken.
    private static func number(_ request: Request) -> Numbers? {
        guard let text = request.uri.queryParameters.get("number") else { return .all }
        let digits = text.drop { $0 == "+" || $0 == " " }
        return PhoneNumber(digits: digits).map { .one($0) }
    }

    private static let badNumber = Response.failure(
        "malformed", "number is not a plus sign and 7 to 15 digits.", .badRequest)
}
