import Channels
import Identifiers
import Logging
import NIOSSL
import SMPP
import Synchronization
import Testing
import Time

@testable import SMPPChannel

/// A channel that runs against a ``TestSMSC``.
struct Rig: Sendable {
    let smsc: TestSMSC
    let channel: SMPPChannel
    let reports = Mailbox<DeliveryReport>()
    let log: CapturedLog
    /// Held by a test, reports are not taken until it lets them.
    let gate = Mailbox<Void>()
    let isGated: Bool

    static let now = Instant(milliseconds: 1_800_000_000_000)
    static let password = "s3cr3t"
    static let number = "+886912345678"

    /// - Parameter body: begins when the bind has come to the SMSC. After it the channel is cancelled, and waited for.
    static func with(
        _ manners: TestSMSC.Manners = .init(), gated: Bool = false, tls: NIOSSLContext? = nil,
        security: SMPPSecurity = .plain, waitsForBind: Bool = true, _ body: (Rig) async throws -> Void
    ) async throws {
        let smsc = TestSMSC(manners)
        try await smsc.start(tls: tls)
        let settings = try Self.settings(port: smsc.port, security)
        try await Rig(smsc, settings, gated: gated).run(waitsForBind, body)
    }

    /// - Parameter change: of what the channel is told.
    static func with(
        _ manners: TestSMSC.Manners = .init(), settings change: (inout SMPPSettings) -> Void,
        run body: (Rig) async throws -> Void
    ) async throws {
        let smsc = TestSMSC(manners)
        try await smsc.start()
        var settings = try Self.settings(port: smsc.port)
        change(&settings)
        try await Rig(smsc, settings).run(true, body)
    }

    private init(_ smsc: TestSMSC, _ settings: SMPPSettings, gated: Bool = false) throws {
        (self.smsc, self.log, self.isGated) = (smsc, CapturedLog(), gated)
        self.channel = try SMPPChannel(settings, logger: self.log.logger)
    }

    static func settings(port: Int, _ security: SMPPSecurity = .plain) throws -> SMPPSettings {
        var settings = try SMPPSettings(
            name: "test", host: "127.0.0.1", port: port, security: security, systemID: "firm",
            password: self.password, sender: "Acme")
        settings.timing.firstReconnect = .milliseconds(10)
        settings.timing.longestReconnect = .milliseconds(50)
        return settings
    }

    private func run(_ waitsForBind: Bool, _ body: (Rig) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await self.channel.run { report in
                    self.reports.put(report)
                    if self.isGated { await self.gate.next() }
                }
            }
            if waitsForBind { _ = await self.smsc.binds.next() }
            defer { group.cancelAll() }
            try await body(self)
        }
        try await self.smsc.stop()
    }

    func handOver(
        _ text: String = "Your code is 918273", to number: String = Self.number, for life: Span = .minutes(10)
    ) async -> HandOver {
        await self.channel.handOver(Self.message(text, to: number, for: life), at: Self.now)
    }

    /// Hands over again and again, as long as the answer is one of these.
    static func handOver(
        to channel: SMPPChannel, while isOver: (HandOver) -> Bool
    ) async -> HandOver {
        var answer = await channel.handOver(self.message("again"), at: self.now)
        while isOver(answer) {
            // An answer at once never gives its thread away, and the channel needs one too.
            await Task.yield()
            answer = await channel.handOver(self.message("again"), at: self.now)
        }
        return answer
    }

    func handOver(while isOver: (HandOver) -> Bool) async -> HandOver {
        await Self.handOver(to: self.channel, while: isOver)
    }

    static func message(_ text: String, to number: String = Self.number, for life: Span = .minutes(10))
        -> OutgoingMessage
    {
        OutgoingMessage(
            id: DeliveryID(at: self.now, random: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), recipient: number, language: "en",
            content: .text(text), expires: self.now + life)
    }

    /// The provider sends a receipt, over the connection that this came on.
    func receipt(
        _ text: String, of kind: MessageClass = .receipt, sequence: UInt32 = 1, over received: TestSMSC.Received
    ) {
        Self.receipt(text, of: kind, sequence: sequence, over: received)
    }

    static func receipt(
        _ text: String, of kind: MessageClass = .receipt, sequence: UInt32 = 1, over received: TestSMSC.Received
    ) {
        var message = ShortMessage(source: .none, destination: .none, coding: .standard, shortMessage: Array(text.utf8))
        message.messageClass = kind
        TestSMSC.send(PDU(.deliver(message), sequence: sequence), on: received.channel)
    }

    /// Returns when so many wait for a place in the window.
    func queued(_ count: Int) async {
        while self.channel.line.state.withLock({ $0.waiting.count }) < count { await Task.yield() }
    }

    /// Returns when all that the channel wrote before has come to the SMSC, and all that the SMSC wrote to the channel.
    func settled(over received: TestSMSC.Received) async {
        TestSMSC.send(PDU(.enquireLink, sequence: 0x7FFF_0000), on: received.channel)
        while await self.smsc.others.next().pdu != PDU(.enquireLinkResponse, sequence: 0x7FFF_0000) {}
    }
}

/// Keeps every line of every level, as text and with its metadata.
final class CapturedLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { self.kept.withLock { $0 } }
    fileprivate func add(_ line: String) { self.kept.withLock { $0.append(line) } }

    var logger: Logger {
        var logger = Logger(label: "smpp") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.log.add("\(event.message) \(self.metadata.merging(event.metadata ?? [:]) { $1 })")
        }
    }
}
