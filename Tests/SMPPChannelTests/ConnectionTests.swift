import Channels
import Foundation
import NIOCore
import NIOSSL
import SMPP
import TestSupport
import Testing
import Time

@testable import SMPPChannel

@Suite("SMPP channel: the bind", .timeLimit(.minutes(1)))
struct ConnectionTests {
    private static func fault(_ answer: HandOver) -> DeliveryFault? {
        guard case .postponed(let fault, _) = answer else { return nil }
        return fault
    }

    @Test("Who we say we are")
    func bind() async throws {
        try await Rig.with(waitsForBind: false) { rig in
            let bind = await rig.smsc.binds.next()
            #expect(bind.pdu.operation == .bindTransceiver(.init(systemID: "firm", password: Rig.password)))
        }
    }

    @Test("Refused: what waits is told why, and it is tried again until it is taken")
    func refused() async throws {
        try await Rig.with(.init(bind: CommandStatus(.rinvpaswd))) { rig in
            let refused = await rig.handOver(while: { Self.fault($0)?.kind == .unreachable })
            #expect(Self.fault(refused) == .init(.account, "bind: ESME_RINVPASWD"))
            _ = await rig.smsc.binds.next()
            rig.smsc.change { ($0.bind, $0.takesAll) = (.ok, true) }
            #expect(await rig.handOver(while: { Self.fault($0) != nil }) == .accepted(reference: "1"))
            #expect(rig.log.lines.contains { $0.contains("ESME_RINVPASWD") })
        }
    }

    @Test(
        "Whose fault a refused bind is",
        arguments: [
            (.rinvsysid, .account), (.rbindfail, .account), (.ralybnd, .account), (.rsyserr, .providerFault),
            (.rthrottled, .providerFault),
        ] as [(StatusCode, DeliveryFault.Kind)])
    func bindFaults(status: StatusCode, kind: DeliveryFault.Kind) {
        #expect(Answer.bindFault(CommandStatus(status)).kind == kind)
    }

    @Test("Nobody answers the bind")
    func silent() async throws {
        try await Rig.with(.init(answersBinds: false)) {
            $0.timing.answer = .milliseconds(100)
        } run: { rig in
            guard case .postponed(let fault, _) = await rig.handOver() else { throw Unexpected() }
            #expect(fault.kind == .timedOut)
            _ = await rig.smsc.binds.next()
        }
    }

    @Test("Not running, and nobody listens")
    func down() async throws {
        let port = try FreePort.find()
        let settings = try Rig.settings(port: port)
        let log = CapturedLog()
        let channel = try SMPPChannel(settings, logger: log.logger)
        let message = Rig.message("hi")
        let answer = await channel.handOver(message, at: Rig.now)
        #expect(answer == .postponed(.init(.unreachable, "not running"), retryAfter: nil))
        let running = Task { try await channel.run { _ in } }
        let refused = await Rig.handOver(to: channel) { answer in
            guard case .postponed(let fault, .some) = answer else { return true }
            return fault.detail == "not running"
        }
        #expect(Self.fault(refused)?.kind == .unreachable)
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
    }

    @Test("Lost in the middle of a window: the written may have arrived, the others did not; then it is up again")
    func lost() async throws {
        try await Rig.with {
            $0.window = 3
        } run: { rig in
            async let answers = withTaskGroup(of: HandOver.self) { group in
                for _ in 0..<5 { group.addTask { await rig.handOver() } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let submits = await rig.smsc.submits.next(3)
            await rig.queued(2)
            try await submits[0].channel.close().get()
            let all = await answers
            #expect(all.count { $0 == .unanswered(.init(.unreachable, "the connection ended")) } == 3)
            #expect(
                all.count { $0 == .postponed(.init(.unreachable, "the connection ended"), retryAfter: nil) } == 2)
            _ = await rig.smsc.binds.next()
            rig.smsc.change { $0.takesAll = true }
            #expect(await rig.handOver(while: { Self.fault($0) != nil }) == .accepted(reference: "1"))
        }
    }

    @Test(
        "Nonsense ends the connection: a length that cannot be",
        arguments: [
            Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), [0, 0, 0, 15, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF],
            [0, 1, 0, 1],
        ] as [[UInt8]])
    func nonsense(bytes: [UInt8]) async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            TestSMSC.send(bytes, on: submit.channel)
            guard case .unanswered(let fault) = await answer else { throw Unexpected() }
            #expect(fault.kind == .malformedAnswer)
            _ = await rig.smsc.binds.next()
        }
    }

    @Test("What is cut out right but unreadable is answered, and the bind goes on")
    func unreadable() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            func send(_ command: [UInt8], _ body: [UInt8] = []) {
                let header: [UInt8] = [0, 0, 0, UInt8(16 + body.count)] + command + [0, 0, 0, 0, 0, 0, 0, 77]
                TestSMSC.send(header + body, on: submit.channel)
            }
            send([0, 0, 0, 5], [1])
            send([0, 0, 1, 3])
            send([0, 0, 0, 0x15], [1])
            let answers = await rig.smsc.others.next(3).map(\.pdu)
            #expect(
                answers == [
                    PDU(.deliverResponse, status: CommandStatus(.rxPAppn), sequence: 77),
                    PDU(.genericNack, status: CommandStatus(.rinvcmdid), sequence: 77),
                    PDU(.genericNack, status: CommandStatus(.rinvcmdlen), sequence: 77),
                ])
            submit.take(as: "1")
            #expect(await answer == .accepted(reference: "1"))
        }
    }

    @Test("The link is asked for again and again; without an answer it is made anew")
    func enquiry() async throws {
        try await Rig.with {
            $0.timing.enquiryInterval = .milliseconds(20)
            $0.timing.enquiryAnswer = .milliseconds(500)
        } run: { rig in
            let enquiries = await rig.smsc.others.next(3)
            #expect(enquiries.allSatisfy { $0.pdu.operation == .enquireLink })
            #expect(Set(enquiries.map(\.pdu.sequence)).count == 3)
            rig.smsc.change { $0.answersEnquiries = false }
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            #expect(await answer == .unanswered(.init(.timedOut, "no answer to enquire_link")))
            _ = await rig.smsc.binds.next()
            _ = submit
        }
    }

    @Test("The provider ends the bind: it is answered, and made anew")
    func unboundByProvider() async throws {
        try await Rig.with(.init(takesAll: true)) { rig in
            _ = await rig.handOver()
            let submit = await rig.smsc.submits.next()
            TestSMSC.send(PDU(.unbind, sequence: 9), on: submit.channel)
            #expect(await rig.smsc.others.next().pdu == PDU(.unbindResponse, sequence: 9))
            _ = await rig.smsc.binds.next()
        }
    }

    @Test("Cancelled: nothing new is taken, what is outstanding is waited for, and the bind is ended")
    func cancelled() async throws {
        let smsc = TestSMSC()
        try await smsc.start()
        let settings = try Rig.settings(port: smsc.port)
        let channel = try SMPPChannel(settings, logger: CapturedLog().logger)
        let running = Task { try await channel.run { _ in } }
        _ = await smsc.binds.next()
        async let answer = channel.handOver(Rig.message("hi"), at: Rig.now)
        let submit = await smsc.submits.next()
        running.cancel()
        _ = await Rig.handOver(to: channel) { Self.fault($0)?.detail != "ending" }
        #expect(smsc.others.count == 0)
        submit.take(as: "1")
        #expect(await answer == .accepted(reference: "1"))
        #expect(await smsc.others.next().pdu.operation == .unbind)
        await #expect(throws: CancellationError.self) { try await running.value }
        try await smsc.stop()
    }

    @Test("Cancelled at the moment at which the bind is answered: neither waits for the other for ever")
    func cancelledAtTheBind() async throws {
        // The SMSC answers while the task is being cancelled: which comes first differs.
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { for _ in 0..<100 { try await Rig.with { _ in } } }
            }
            try await group.waitForAll()
        }
    }

    @Test("Over TLS, with the firm's own authority")
    func tls() async throws {
        let certificate = try Certificate()
        let security = SMPPSecurity.tls(authorities: certificate.path)
        try await Rig.with(.init(takesAll: true), tls: certificate.context, security: security) { rig in
            #expect(await rig.handOver() == .accepted(reference: "1"))
        }
    }

    @Test("A certificate of nobody whom we trust, or for another host, is no provider", arguments: [true, false])
    func wrongCertificate(isTrusted: Bool) async throws {
        let (served, other) = (try Certificate(address: isTrusted ? "127.0.0.2" : "127.0.0.1"), try Certificate())
        let security = SMPPSecurity.tls(authorities: isTrusted ? served.path : other.path)
        try await Rig.with(tls: served.context, security: security, waitsForBind: false) { rig in
            let answer = await rig.handOver(while: { Self.fault($0)?.detail == "not running" })
            #expect(Self.fault(answer)?.kind == .unreachable)
            #expect(rig.smsc.binds.count == 0)
        }
    }

    @Test("A file of authorities that is none is told at once")
    func noAuthorities() throws {
        let settings = try Rig.settings(port: 1, .tls(authorities: "/nowhere"))
        #expect(throws: (any Error).self) { try SMPPChannel(settings, logger: CapturedLog().logger) }
    }

    @Test(
        "Refused settings",
        arguments: [
            ("firm", "123456789", "Acme", .tooLong("password")),
            ("0123456789abcdef", "", "Acme", .tooLong("system_id")),
            ("firm", "pässwd", "Acme", .notPrintable("password")),
            ("firm", "", "Acme Bank 12", .invalid("source_addr")),
        ] as [(String, String, String, SMPPError)])
    func settings(systemID: String, password: String, sender: String, error: SMPPError) {
        #expect(throws: error) {
            try SMPPSettings(
                name: "test", host: "127.0.0.1", port: 1, security: .plain, systemID: systemID, password: password,
                sender: sender)
        }
    }
}

/// A self-signed certificate of its own authority, good for a day.
private struct Certificate {
    private let folder: TemporaryFolder
    let path: String
    let context: NIOSSLContext

    init(address: String = "127.0.0.1") throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("certificate.pem")
        let key = self.folder.file("key.pem")
        try Command.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "1", "-subj", "/CN=test", "-addext", "subjectAltName=IP:\(address)", "-keyout", key, "-out", self.path,
        ])
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(self.path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        self.context = try NIOSSLContext(configuration: configuration)
    }
}
