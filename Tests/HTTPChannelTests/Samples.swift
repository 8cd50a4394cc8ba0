import Channels
import Identifiers
import Time

@testable import HTTPChannel

/// What the tests send.
enum Sample {
    static let now = Instant(milliseconds: 1_795_744_800_000)
    static let id = DeliveryID(at: now, random: Array(repeating: 7, count: 10))
    static let secret = GatewaySecret("a-secret-of-the-provider")

    static func message(
        _ text: String = "Example Firm: your code is 384712", to recipient: String = "+85251234567",
        life: Span = .seconds(600), registration: MessageRegistration? = nil
    ) -> OutgoingMessage {
        OutgoingMessage(
            id: Self.id, recipient: recipient, language: "en", content: .text(text), expires: Self.now + life,
            registration: registration)
    }

    /// A gateway with little to it, at a port of this machine.
    static func settings(port: Int = 1, transport: GatewayTransport = GatewayTransport()) -> HTTPGatewaySettings {
        HTTPGatewaySettings(
            address: "http://127.0.0.1:\(port)/send",
            body: .json(#"{"to": "{{to}}", "text": "{{text}}"}"#),
            answer: GatewayAnswer(reference: .at(.pointer("/id"))), sender: "Firm", transport: transport)
    }

    static func request(
        _ settings: HTTPGatewaySettings, _ message: OutgoingMessage = message()
    ) throws -> GatewayRequest {
        try PreparedGateway(settings).request(for: message, at: Self.now)
    }

    /// Hands one message over by a channel of its own.
    static func handOver(
        _ settings: HTTPGatewaySettings, _ message: OutgoingMessage = message()
    ) async throws -> HandOver {
        let channel = try HTTPChannel(settings)
        let outcome = await channel.handOver(message, at: Self.now)
        await channel.close()
        return outcome
    }
}

extension GatewayRequest {
    var text: String { String(decoding: self.body ?? [], as: UTF8.self) }

    func header(_ name: String) -> String? { self.headers.first { $0.name == name }?.value }
}

extension HandOver {
    /// Kind and fault, without the words.
    var summary: String {
        switch self {
        case .accepted(let reference): "accepted \(reference ?? "-")"
        case .refused(let fault): "refused \(fault.kind.rawValue)"
        case .postponed(let fault, let wait):
            "postponed \(fault.kind.rawValue)" + (wait.map { " \($0.milliseconds)" } ?? "")
        case .unanswered(let fault): "unanswered \(fault.kind.rawValue)"
        }
    }

    var detail: String? {
        switch self {
        case .accepted: nil
        case .refused(let fault), .postponed(let fault, _), .unanswered(let fault): fault.detail
        }
    }
}
