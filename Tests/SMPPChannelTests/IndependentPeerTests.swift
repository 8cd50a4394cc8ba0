import Channels
import Foundation
import SMPP
import TestSupport
import Testing
import Time

@testable import SMPPChannel

/// Against an SMSC that we did not write: the server of the Python package `smpp34`.
@Suite("SMPP channel: an independent SMSC", .timeLimit(.minutes(2)))
struct IndependentPeerTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("Bind, texts in both alphabets, a long one, receipts, refusals, unbind")
    func conversation() async throws {
        let port = try FreePort.find()
        let peer = try PeerProcess([
            Self.root.appendingPathComponent(".venv/bin/python").path,
            Self.root.appendingPathComponent("Tests/journeys/peers/smsc.py").path, "\(port)",
        ])
        var lines = peer.lines.makeAsyncIterator()
        #expect(await lines.next() == "listening")

        var settings = try SMPPSettings(
            name: "peer", host: "127.0.0.1", port: port, security: .plain, systemID: "firm", password: Rig.password,
            sender: "Acme")
        settings.messageIDs = .hexadecimalInResponse
        settings.timing.firstThrottle = .milliseconds(1)
        let channel = try SMPPChannel(settings, logger: CapturedLog().logger)
        let reports = Mailbox<DeliveryReport>()
        let running = Task { try await channel.run { reports.put($0) } }
        #expect(await lines.next() == "bound firm")

        let long = String(repeating: "0123456789", count: 20)
        for (text, shown) in [("Code 918273 €", "0 Code 918273 €"), ("驗證碼 918273", "8 驗證碼 918273")] {
            let answer = await channel.handOver(Rig.message(text), at: Rig.now)
            guard case .accepted(let reference?) = answer else { throw Unexpected() }
            #expect(await lines.next() == "submit 5.0 Acme 1.1 886912345678 \(shown)")
            let report = DeliveryReport(reference: reference, progress: .delivered, detail: "stat:DELIVRD err:000")
            #expect(await reports.next() == report)
        }
        guard case .accepted(let reference?) = await channel.handOver(Rig.message(long), at: Rig.now) else {
            throw Unexpected()
        }
        #expect(await lines.next() == "submit 5.0 Acme 1.1 886912345678 0 [9 1/2] \(long.prefix(153))")
        #expect(await lines.next() == "submit 5.0 Acme 1.1 886912345678 0 [9 2/2] \(long.dropFirst(153))")
        #expect(await reports.next().reference == reference)

        // The peer's own rules: by the number's last digits.
        let refused = await channel.handOver(Rig.message("no", to: "+886912345699"), at: Rig.now)
        #expect(refused == .refused(.init(.invalidRecipient, "ESME_RINVDSTADR")))
        guard
            case .postponed(let fault, _) = await channel.handOver(Rig.message("no", to: "+886912345698"), at: Rig.now)
        else { throw Unexpected() }
        #expect(fault == .init(.throttled, "ESME_RTHROTTLED"))

        running.cancel()
        #expect(await lines.next() == "unbound")
        await #expect(throws: CancellationError.self) { try await running.value }
        peer.stop()
    }
}
