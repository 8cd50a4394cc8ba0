import Channels
import NIOCore
import SMPP
import Testing
import Time

@testable import SMPPChannel

@Suite("SMPP channel: receipts", .timeLimit(.minutes(1)))
struct ReceiptTests {
    private static func accepted(_ rig: Rig, as id: String) async throws -> TestSMSC.Received {
        async let answer = rig.handOver()
        let submit = await rig.smsc.submits.next()
        submit.take(as: id)
        guard case .accepted = await answer else { throw Unexpected() }
        return submit
    }

    @Test(
        "Each state",
        arguments: [
            ("ENROUTE", .underWay), ("ACCEPTD", .underWay), ("DELIVRD", .delivered), ("EXPIRED", .expired),
            ("DELETED", .undeliverable), ("UNDELIV", .undeliverable), ("REJECTD", .rejected), ("UNKNOWN", .unknown),
            ("SKIPPED", .unknown),
        ] as [(String, DeliveryProgress)])
    func states(word: String, progress: DeliveryProgress) async throws {
        try await Rig.with { rig in
            let submit = try await Self.accepted(rig, as: "7")
            rig.receipt("id:7 stat:\(word) err:027 text:Your code is 918273", over: submit)
            let report = DeliveryReport(reference: "7", progress: progress, detail: "stat:\(word) err:027")
            #expect(await rig.reports.next() == report)
        }
    }

    @Test("On the way after an attempt that failed: the telephone was not reached")
    func intermediate() async throws {
        try await Rig.with { rig in
            let submit = try await Self.accepted(rig, as: "7")
            rig.receipt("id:7 stat:ENROUTE err:000", of: .intermediateNotification, over: submit)
            let report = DeliveryReport(reference: "7", progress: .buffered, detail: "stat:ENROUTE err:000")
            #expect(await rig.reports.next() == report)
        }
    }

    @Test("It is answered only when the report has been taken")
    func answer() async throws {
        try await Rig.with(gated: true) { rig in
            let submit = try await Self.accepted(rig, as: "7")
            rig.receipt("id:7 stat:DELIVRD", sequence: 33, over: submit)
            _ = await rig.reports.next()
            TestSMSC.send(PDU(.enquireLink, sequence: 34), on: submit.channel)
            #expect(await rig.smsc.others.next().pdu.operation == .enquireLinkResponse)
            rig.gate.put(())
            #expect(await rig.smsc.others.next().pdu == PDU(.deliverResponse, sequence: 33))
        }
    }

    @Test("So many are kept until they are taken, and of the next the provider is told to wait")
    func bound() async throws {
        try await Rig.with(gated: true) { rig in
            let submit = try await Self.accepted(rig, as: "7")
            for sequence in 1...2001 as ClosedRange<UInt32> {
                rig.receipt("id:7 stat:ENROUTE", sequence: sequence, over: submit)
            }
            let refused = PDU(.deliverResponse, status: CommandStatus(.rmsgqful), sequence: 2001)
            #expect(await rig.smsc.others.next().pdu == refused)
            for _ in 1...2000 { rig.gate.put(()) }
            let taken = await rig.smsc.others.next(2000).map(\.pdu)
            #expect(taken.allSatisfy { $0.status == .ok } && Set(taken.map(\.sequence)) == Set(1...2000))
            rig.receipt("id:7 stat:DELIVRD", sequence: 2002, over: submit)
            rig.gate.put(())
            #expect(await rig.smsc.others.next().pdu == PDU(.deliverResponse, sequence: 2002))
        }
    }

    @Test("Cancelled while a report is being taken, it is not answered: it will come again")
    func cancelled() async throws {
        let smsc = TestSMSC(.init(answersUnbinds: false, takesAll: true))
        try await smsc.start()
        var settings = try Rig.settings(port: smsc.port)
        settings.timing.farewell = .milliseconds(200)
        let channel = try SMPPChannel(settings, logger: CapturedLog().logger)
        let (reports, gate) = (Mailbox<DeliveryReport>(), Mailbox<Void>())
        let running = Task {
            try await channel.run { report in
                reports.put(report)
                await gate.next()
            }
        }
        _ = await smsc.binds.next()
        _ = await channel.handOver(Rig.message("hi"), at: Rig.now)
        Rig.receipt("id:1 stat:DELIVRD", over: await smsc.submits.next())
        _ = await reports.next()
        running.cancel()
        #expect(await smsc.others.next().pdu.operation == .unbind)
        gate.put(())
        await #expect(throws: CancellationError.self) { try await running.value }
        // The connection stayed up for the farewell: an answer would have come.
        while smsc.others.count > 0 { #expect(await smsc.others.next().pdu.operation == .unbind) }
        try await smsc.stop()
    }

    @Test("Twice, late, or for what nobody knows: each is passed on as it is")
    func doubled() async throws {
        try await Rig.with { rig in
            let submit = try await Self.accepted(rig, as: "7")
            for (sequence, id) in [(1, "7"), (2, "7"), (3, "stranger")] as [(UInt32, String)] {
                rig.receipt("id:\(id) stat:DELIVRD", sequence: sequence, over: submit)
            }
            let reports = await rig.reports.next(3).map(\.reference)
            #expect(reports.sorted() == ["7", "7", "stranger"])
            let answers = await rig.smsc.others.next(3).map(\.pdu)
            #expect(Set(answers) == Set([1, 2, 3].map { PDU(.deliverResponse, sequence: $0) }))
        }
    }

    @Test("Before the answer to its message: it waits until the id is known")
    func early() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            rig.receipt("id:7 stat:DELIVRD", sequence: 5, over: submit)
            await rig.settled(over: submit)
            #expect(rig.reports.count == 0)
            submit.take(as: "7")
            #expect(await answer == .accepted(reference: "7"))
            #expect(await rig.reports.next().reference == "7")
            #expect(await rig.smsc.others.next().pdu == PDU(.deliverResponse, sequence: 5))
        }
    }

    @Test("It waits for nothing but what was outstanding when it came")
    func notForever() async throws {
        try await Rig.with { rig in
            async let first = rig.handOver()
            let submit = await rig.smsc.submits.next()
            rig.receipt("id:stranger stat:DELIVRD", over: submit)
            await rig.settled(over: submit)
            async let second = rig.handOver()
            let next = await rig.smsc.submits.next()
            submit.take(as: "7")
            #expect(await rig.reports.next().reference == "stranger")
            next.take(as: "8")
            _ = await (first, second)
        }
    }

    @Test("Held when the connection ends: it is passed on")
    func heldAndLost() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            rig.receipt("id:7 stat:DELIVRD", over: submit)
            await rig.settled(over: submit)
            try await submit.channel.close().get()
            guard case .unanswered = await answer else { throw Unexpected() }
            #expect(await rig.reports.next().reference == "7")
        }
    }

    @Test("Hexadecimal in the answer, decimal in the receipt: one reference")
    func spellings() async throws {
        try await Rig.with {
            $0.messageIDs = .hexadecimalInResponse
        } run: { rig in
            async let answer = rig.handOver()
            let submit = await rig.smsc.submits.next()
            submit.take(as: "005F3A")
            #expect(await answer == .accepted(reference: "5f3a"))
            rig.receipt("id:24378 stat:DELIVRD", over: submit)
            #expect(await rig.reports.next().reference == "5f3a")
        }
    }

    @Test("Its time, where the provider says in which zone")
    func time() async throws {
        try await Rig.with {
            $0.receiptZone = .hours(8)
        } run: { rig in
            let submit = try await Self.accepted(rig, as: "7")
            rig.receipt("id:7 done date:2601311731 stat:DELIVRD", over: submit)
            #expect(await rig.reports.next().at == Instant(rfc3339: "2026-01-31T09:31:00Z"))
        }
    }

    @Test("Texts from telephones, and receipts that name nothing, are answered and dropped")
    func dropped() async throws {
        try await Rig.with { rig in
            let submit = try await Self.accepted(rig, as: "7")
            rig.receipt("stat:DELIVRD", sequence: 1, over: submit)
            let reply = ShortMessage(
                source: .none, destination: .none, coding: .standard, shortMessage: Array("STOP".utf8))
            TestSMSC.send(PDU(.deliver(reply), sequence: 2), on: submit.channel)
            let answers = await rig.smsc.others.next(2).map(\.pdu)
            #expect(answers == [PDU(.deliverResponse, sequence: 1), PDU(.deliverResponse, sequence: 2)])
            #expect(rig.reports.count == 0)
        }
    }
}
