import Channels
import Outbox
import Testing
import Time

@testable import HTTPChannel

@Suite("Gateways that take a text and then fail")
struct FailingGatewayTests {
    /// Tries a code for as long as it lives.
    private static func outcome(of settings: HTTPGatewaySettings) async throws -> MessageLife {
        let channel = try HTTPChannel(settings)
        var life = MessageLife(created: Sample.now, expires: Sample.now + .minutes(10))
        let route = MessageRoute(providers: ["acme"], open: ["acme"])
        while let due = life.due, life.needsBody {
            let effects = life.handle(.claimed(route, until: due + .seconds(30)), at: due)
            guard case .handOver? = effects.last else { continue }
            let event: MessageEvent =
                switch await channel.handOver(Sample.message(), at: Sample.now) {
                case .accepted(let reference): .accepted(reference: reference, cost: nil)
                case .refused(let fault): .refused(fault)
                case .postponed(let fault, let pause): .postponed(fault, retryAfter: pause)
                case .unanswered(let fault): .unanswered(fault)
                }
            _ = life.handle(event, at: due)
        }
        await channel.close()
        return life
    }

    @Test(
        "It gets the text twice at most, and what became of it is unknown",
        arguments: ["500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout", "520 Unknown"])
    func twice(status: String) async throws {
        try await GatewayServer.with(.http(status, "<html>")) { server, port async throws in
            let life = try await Self.outcome(of: Sample.settings(port: port))
            #expect(server.requests.count == 2)
            #expect(life.state == .failed && life.progress == .unknown)
        }
    }

    @Test("Who says that it was not taken gets it until he takes it: by 503, or by what the settings say of his status")
    func notTaken() async throws {
        for status in ["503 Busy", "500 Internal Server Error"] {
            let busy = GatewayServer.Answer.http(status, "")
            let taken = GatewayServer.Answer.http("201 Created", #"{"id":"m-1"}"#)
            try await GatewayServer.with(busy, busy, busy, taken) { server, port async throws in
                var settings = Sample.settings(port: port)
                settings.answer.statuses = [500: .temporary]
                #expect(try await Self.outcome(of: settings).reference == "m-1")
                #expect(server.requests.count == 4)
            }
        }
    }
}
