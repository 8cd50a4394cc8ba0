import Encodings
import HTTPTypes
import Hummingbird
import Time

/// `POST /gateway/messages`: the shape of an HTTP gateway that is nobody's but this carrier's.
///
///     POST /gateway/messages        Authorization: Basic …    Content-Type: application/json
///     {"to": "+85291234567", "from": "Northwind", "text": "…",
///      "id": "own-name", "callback": "http://127.0.0.1:8080/…", "validity_seconds": 300}      (these three may be missing)
///
///     202 {"id": "…"}                                   the name that receipts will use: the sender's own, else one of ours
///     400 {"code": "malformed" | "invalid_recipient", "message": "…"}
///     401 {"code": "account"}     429 {"code": "throttled"} with Retry-After     503 {"code": "provider_fault"}
///
/// Receipts are ``ReceiptPost``'s.
struct GatewayDoor: Sendable {
    let exchange: Exchange
    let account: GatewayAccount
    /// Waits before an answer. Tests do not wait.
    let pause: @Sendable (Span) async -> Void

    func mount(on router: Router<CarrierContext>) { router.post("/gateway/messages", use: self.submit) }

    @Sendable func submit(_ request: Request, context: CarrierContext) async throws -> Response {
        let now = self.exchange.now()
        let faults = self.exchange.read { $0.faults(of: .http) }
        guard self.account.admits(request.headers[.authorization]) || faults.answers == .dead else {
            return Self.answer(.account)
        }
        let value = try await request.json()
        let reception: Reception
        do throws(GatewayRequest.Refusal) {
            guard let value else { throw .malformed("the body is not JSON of type application/json") }
            let submission = try GatewayRequest(value, at: now).submission
            reception = self.exchange.change { carrier, now in carrier.submit(submission, at: now) }
        } catch {
            switch error {
            case .malformed(let detail): return .failure("malformed", detail, .badRequest)
            case .invalidRecipient: reception = .invalidRecipient
            }
        }
        if faults.answerDelay > .seconds(0) { await self.pause(faults.answerDelay) }
        if reception == .dead || reception == .unanswered { await context.closeConnection() }
        return Self.answer(reception)
    }

    private static func answer(_ reception: Reception) -> Response {
        switch reception {
        case .accepted(let reference): return .json(["id": .string(reference)], status: .accepted)
        case .invalidRecipient: return .failure("invalid_recipient", "Nobody has this number.", .badRequest)
        case .account: return .failure("account", "Wrong user, wrong password, or no credit.", .unauthorized)
        case .fault: return .failure("provider_fault", "We have trouble ourselves.", .serviceUnavailable)
        case .nonsense: return .html("<title>It works!</title><h1>It works!</h1>")
        // Nobody hears these: the connection is closed.
        case .dead, .unanswered: return .plain("", .badGateway)
        case .throttled:
            var response = Response.failure("throttled", "Too many messages.", .tooManyRequests)
            response.headers[.retryAfter] = "5"
            return response
        }
    }
}
