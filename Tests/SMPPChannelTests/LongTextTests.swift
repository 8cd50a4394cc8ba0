import Channels
import SMPP
import Testing

@testable import SMPPChannel

@Suite("SMPP channel: long texts", .timeLimit(.minutes(1)))
struct LongTextTests {
    private static let text = String(repeating: "0123456789", count: 40)

    @Test("In parts, the first alone; delivered when every part is")
    func delivered() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver(Self.text)
            let first = await rig.smsc.submits.next()
            await rig.settled(over: first)
            #expect(rig.smsc.submits.count == 0)
            first.take(as: "a")
            let others = await rig.smsc.submits.next(2)
            let data = try ([first] + others).map { try UserData(try #require($0.message)) }
            #expect(Set(data.map(\.concatenation?.number)) == [1, 2, 3])
            // The message's own last byte, so that a retry completes what arrived of the first try.
            #expect(Set(data.map(\.concatenation?.reference)) == [9])
            let sorted = data.sorted { ($0.concatenation?.number ?? 0) < ($1.concatenation?.number ?? 0) }
            #expect(sorted.compactMap(\.text).joined() == Self.text)
            // A part's receipt may come before another part is taken.
            rig.receipt("id:a stat:DELIVRD", sequence: 1, over: first)
            await rig.settled(over: first)
            for (id, part) in zip(["b", "c"], others) { part.take(as: id) }
            #expect(await answer == .accepted(reference: "a/3"))
            for (sequence, id) in [(2, "b"), (3, "b")] as [(UInt32, String)] {
                rig.receipt("id:\(id) stat:DELIVRD", sequence: sequence, over: first)
            }
            await rig.settled(over: first)
            #expect(rig.reports.count == 0)
            rig.receipt("id:c stat:DELIVRD", sequence: 4, over: first)
            #expect(
                await rig.reports.next()
                    == DeliveryReport(reference: "a/3", progress: .delivered, detail: "stat:DELIVRD"))
        }
    }

    @Test("Refused with its first part, the others are not sent")
    func refusedFirst() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver(Self.text)
            let first = await rig.smsc.submits.next()
            first.refuse(.rinvdstadr)
            #expect(await answer == .refused(.init(.invalidRecipient, "ESME_RINVDSTADR")))
            await rig.settled(over: first)
            #expect(rig.smsc.submits.count == 0)
        }
    }

    @Test("Whatever part fares worst speaks for all")
    func worst() async throws {
        try await Rig.with { rig in
            async let answer = rig.handOver(Self.text)
            await rig.smsc.submits.next().take(as: "a")
            let others = await rig.smsc.submits.next(2)
            others[0].refuse(.rsyserr)
            others[1].take(as: "c")
            #expect(await answer == .postponed(.init(.providerFault, "ESME_RSYSERR"), retryAfter: nil))
        }
    }

    @Test("One part that fails is the end of the whole, said once")
    func ledgerFailure() {
        var ledger = ReceiptLedger(most: 10)
        for number in 1...3 { #expect(ledger.remember("id\(number)", Self.place(number)) == "id1/3") }
        for progress in [DeliveryProgress.underWay, .buffered] {
            #expect(ledger.report("id2", progress).map { $0 == ("id1/3", progress) } == true)
        }
        #expect(ledger.report("id1", .delivered) == nil)
        #expect(ledger.report("id3", .undeliverable).map(\.progress) == .undeliverable)
        #expect(ledger.report("id2", .delivered) == nil)
        #expect(ledger.report("id2", .expired) == nil)
    }

    @Test("Of a part whose fate is unknown the end may come yet", arguments: [DeliveryProgress.delivered, .expired])
    func ledgerUnknown(end: DeliveryProgress) {
        var ledger = ReceiptLedger(most: 10)
        for number in 1...3 { _ = ledger.remember("id\(number)", Self.place(number)) }
        #expect(ledger.report("id2", .unknown).map { $0 == ("id1/3", .unknown) } == true)
        for number in [1, 3] { #expect(ledger.report("id\(number)", .delivered) == nil) }
        #expect(ledger.report("id2", end).map { $0 == ("id1/3", end) } == true)
    }

    @Test("Delivered again, it is said again: the first report may have been lost")
    func ledgerAgain() {
        var ledger = ReceiptLedger(most: 10)
        for number in 1...3 { _ = ledger.remember("id\(number)", Self.place(number)) }
        for number in 1...2 { #expect(ledger.report("id\(number)", .delivered) == nil) }
        for _ in 1...2 { #expect(ledger.report("id3", .delivered).map(\.progress) == .delivered) }
    }

    @Test("The oldest ids are forgotten, and a whole with its parts; nothing is called delivered for some of them")
    func ledgerForgets() {
        var ledger = ReceiptLedger(most: 3)
        for number in 1...3 { _ = ledger.remember("id\(number)", Self.place(number)) }
        _ = ledger.remember("x", nil)
        #expect(!ledger.knows("id1"))
        #expect(ledger.report("id1", .delivered).map(\.reference) == "id1")  // not the reference of the whole
        #expect(ledger.report("id2", .delivered) == nil)
        #expect(ledger.report("x", .delivered).map(\.reference) == "x")
    }

    private static func place(_ number: Int) -> PartPlace { PartPlace(whole: 1, number: number, total: 3) }
}
