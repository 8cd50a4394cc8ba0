import Channels
import Identifiers
import TestSupport
import Testing

@testable import HTTPChannel

/// Against Kannel, which others wrote: what it takes, and what it reports.
@Suite("Kannel as the gateway")
struct KannelTests {
    static let token = GatewaySecret("fedcba9876543210fedcba9876543210")

    private static func settings(
        _ kannel: KannelGateway, _ port: Int, password: String = KannelGateway.password
    ) -> HTTPGatewaySettings {
        .kannelShape(
            address: kannel.address, user: KannelGateway.user, password: GatewaySecret(password), sender: "Firm",
            callback: "http://127.0.0.1:\(port)/delivery/kannel/\(Self.token.text)?id={{id}}&status=%d&at=%T")
    }

    @Test("A text is taken and carried, and its receipt read; a wrong password is the account's fault")
    func wholeWay() async throws {
        let kannel = try await KannelGateway()
        let webhook = try ReceiptWebhook(.kannelShape(pathToken: Self.token))
        try await ReceiptListener.with { listener, port async throws in
            let accepted = HandOver.accepted(reference: Sample.id.text)
            #expect(try await Sample.handOver(Self.settings(kannel, port)) == accepted)
            try await kannel.carried("<Firm +85251234567 text Example Firm: your code is 384712>")
            let reports = try await listener.reports(by: webhook, port: port, until: .delivered)
            #expect(reports.allSatisfy { $0.reference == Sample.id.text && $0.at != nil })
            // Taken by the carrier, and by the telephone; Kannel may tell both at once.
            #expect(Set(reports.map(\.progress)).isSubset(of: [.underWay, .delivered]))

            let chinese = Sample.message("您的驗證碼\n384712")
            #expect(try await Sample.handOver(Self.settings(kannel, port), chinese) == accepted)
            try await kannel.carried("<Firm +85251234567 ucs-2 %60%A8v%84%9AW%8BIx%BC%00%0A%003%008%004%007%001%002>")
            #expect(
                try await Sample.handOver(Self.settings(kannel, port, password: "wrong")).summary == "refused account")
        }
        kannel.stop()
        let down = try await Sample.handOver(Self.settings(kannel, 1))
        #expect(down.summary == "postponed unreachable")
    }
}

/// The address that Kannel reports to.
private final class ReceiptListener: Sendable {
    private let server: GatewayServer

    private init(_ server: GatewayServer) { self.server = server }

    static func with(_ body: @Sendable (ReceiptListener, Int) async throws -> Void) async throws {
        try await GatewayServer.with(.http("200 OK", "")) { server, port async throws in
            try await body(ReceiptListener(server), port)
        }
    }

    /// What was reported, as soon as this progress is among it.
    func reports(
        by webhook: ReceiptWebhook, port: Int, until last: DeliveryProgress
    ) async throws -> [DeliveryReport] {
        var count = 1
        while true {
            let requests = await self.server.requests(atLeast: count)
            let reports = try requests.flatMap { try webhook.reports(in: Self.webhookRequest($0, port)) }
            if reports.contains(where: { $0.progress == last }) { return reports }
            count = requests.count + 1
        }
    }

    private static func webhookRequest(_ text: String, _ port: Int) -> WebhookRequest {
        let words = text.split(separator: " ", maxSplits: 2)
        return WebhookRequest(
            method: String(words[0]), address: "http://127.0.0.1:\(port)\(words[1])", headers: [], body: [])
    }
}
