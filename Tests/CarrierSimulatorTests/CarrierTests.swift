import Testing
import Time

@testable import CarrierSimulator

@Suite("What the carrier does with texts")
struct CarrierTests {
    private let test = TestCarrier()

    private func submit(_ faults: WayFaults, _ submission: Submission? = nil) throws -> Reception {
        let submission = try submission ?? self.test.submission()
        return self.test.exchange.change { carrier, now in
            carrier.set(faults, of: .http)
            return carrier.submit(submission, at: now)
        }
    }

    private var states: [TextMessage.State] { self.test.exchange.read { $0.texts.map(\.state) } }

    @Test("A text arrives at once, and a receipt follows the answer")
    func delivered() throws {
        guard case .accepted(let reference) = try self.submit(WayFaults()) else { throw Missing() }
        #expect(self.states == [.delivered])
        #expect(self.test.receipts(after: .milliseconds(99)).isEmpty)
        let receipts = self.test.receipts(after: .milliseconds(1))
        #expect(receipts.map(\.status) == [.delivered])
        #expect(receipts.map(\.reference) == [reference])
    }

    @Test(
        "Answers that are faults, and what is taken all the same",
        arguments: [
            (.dead, .dead, 0), (.throttled, .throttled, 0), (.nonsense, .nonsense, 0), (.fault, .fault, 0),
            (.account, .account, 0), (.unanswered, .unanswered, 1),
        ] as [(WayFaults.Answers, Reception, Int)])
    func answers(fault: WayFaults.Answers, expected: Reception, taken: Int) throws {
        #expect(try self.submit(WayFaults(answers: fault)) == expected)
        #expect(self.states.count == taken)
    }

    @Test("The faults of one way do not touch the other")
    func apart() throws {
        var submission = try self.test.submission()
        submission.way = .smpp
        guard case .accepted = try self.submit(WayFaults(answers: .fault), submission) else { throw Missing() }
    }

    @Test("Rejected numbers, and no others")
    func rejected() throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        let faults = WayFaults(rejected: [number])
        #expect(try self.submit(faults) == .invalidRecipient)
        guard case .accepted = try self.submit(faults, self.test.submission(to: "+447700900123")) else {
            throw Missing()
        }
    }

    @Test("A delay of the delivery")
    func slow() throws {
        _ = try self.submit(WayFaults(deliveryDelay: .seconds(5)))
        #expect(self.states == [.onItsWay])
        #expect(self.test.receipts(after: .seconds(4)).isEmpty)
        #expect(self.states == [.onItsWay])
        #expect(self.test.receipts(after: .seconds(1)).isEmpty)
        #expect(self.states == [.delivered])
        #expect(self.test.receipts().map(\.status) == [.delivered])
    }

    @Test("A slow answer comes before its receipt")
    func slowAnswer() throws {
        _ = try self.submit(WayFaults(answerDelay: .seconds(3)))
        #expect(self.test.receipts(after: .seconds(3)).isEmpty)
        #expect(self.test.receipts().count == 1)
    }

    @Test(
        "Receipts",
        arguments: [
            (.delivered, .truthful, .delivered, [.delivered]), (.delivered, .none, .delivered, []),
            (.delivered, .doubled, .delivered, [.delivered, .delivered]),
            (.delivered, .lying, .delivered, [.delivered]), (.lost, .truthful, .lost, []),
            (.lost, .lying, .lost, [.delivered]), (.undeliverable, .truthful, .undeliverable, [.undeliverable]),
            (.undeliverable, .lying, .undeliverable, [.delivered]), (.lost, .doubled, .lost, []),
        ] as [(WayFaults.Fate, WayFaults.Receipts, TextMessage.State, [ReceiptStatus])])
    func receipts(
        fate: WayFaults.Fate, receipts: WayFaults.Receipts, state: TextMessage.State, expected: [ReceiptStatus]
    ) throws {
        _ = try self.submit(WayFaults(texts: fate, receipts: receipts))
        #expect(self.states == [state])
        #expect(self.test.receipts().map(\.status) == expected)
        #expect(self.test.receipts(after: .hours(1)).isEmpty)
    }

    @Test("Late receipts")
    func late() throws {
        _ = try self.submit(WayFaults(receipts: .late, receiptDelay: .seconds(40)))
        #expect(self.test.receipts(after: .milliseconds(39_999)).isEmpty)
        #expect(self.test.receipts(after: .milliseconds(1)).count == 1)
    }

    @Test("A stray receipt names a text that there never was, and the true one comes too")
    func stray() throws {
        guard case .accepted(let reference) = try self.submit(WayFaults(receipts: .stray)) else { throw Missing() }
        let receipts = self.test.receipts()
        #expect(receipts.count == 2)
        #expect(receipts.last?.reference == reference)
        #expect(receipts.first?.reference != reference)
        #expect(self.test.exchange.read { $0.texts[0].receipts.count } == 1)
    }

    @Test("A telephone that is off gets its texts when it is switched on")
    func off() throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        self.test.exchange.change { carrier, now in carrier.set(.off, of: number, at: now) }
        _ = try self.submit(WayFaults())
        #expect(self.states == [.buffered])
        #expect(self.test.receipts().map(\.status) == [.buffered])
        self.test.exchange.change { carrier, now in carrier.set(.on, of: number, at: now) }
        #expect(self.states == [.delivered])
        #expect(self.test.receipts().map(\.status) == [.delivered])
    }

    @Test("What is not delivered in its time expires, and does not come later")
    func expired() throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        var submission = try self.test.submission()
        submission.expires = self.test.clock.now() + .seconds(60)
        self.test.exchange.change { carrier, now in carrier.set(.off, of: number, at: now) }
        _ = try self.submit(WayFaults(), submission)
        _ = self.test.receipts(after: .seconds(60))
        #expect(self.states == [.expired])
        #expect(self.test.receipts().map(\.status) == [.expired])
        self.test.exchange.change { carrier, now in carrier.set(.on, of: number, at: now) }
        #expect(self.states == [.expired])
    }

    @Test("No receipt without an address")
    func unasked() throws {
        _ = try self.submit(WayFaults(receipts: .doubled), self.test.submission(callback: nil))
        #expect(self.test.receipts().isEmpty)
    }

    @Test("The parts of a text come as one, in whatever order, and each has a receipt")
    func parts() throws {
        let answers = try [(2, "world"), (1, "Hello ")].map { number, text in
            let part = TextPart(reference: 7, number: number, total: 2)
            let submission = try self.test.submission(text: text)
            return self.test.exchange.change { carrier, now in carrier.submit(submission, part: part, at: now) }
        }
        let references = answers.compactMap { if case .accepted(let reference) = $0 { reference } else { nil } }
        #expect(self.test.exchange.read { $0.texts.map(\.submission.text) } == ["Hello world"])
        #expect(self.test.exchange.read { $0.texts.map(\.submission.parts) } == [2])
        #expect(Set(self.test.receipts().map(\.reference)) == Set(references))
        #expect(Set(references).count == 2)
    }

    @Test("Old texts and idle telephones are forgotten")
    func bounded() throws {
        for count in 0..<(Carrier.mostTexts + 5) {
            _ = try self.submit(WayFaults(), self.test.submission(to: "+8529\(1_000_000 + count % 300)"))
        }
        #expect(self.test.exchange.read { $0.texts.count } <= Carrier.mostTexts)
        #expect(self.test.exchange.read { $0.phones.count } == Carrier.mostPhones)
    }

    @Test("Clearing forgets texts and telephones, but not the mode of one")
    func clear() throws {
        let number = try #require(PhoneNumber("+447700900123"))
        self.test.exchange.change { carrier, now in carrier.set(.off, of: number, at: now) }
        _ = try self.submit(WayFaults(receipts: .late))
        self.test.exchange.change { carrier, _ in carrier.clear() }
        #expect(self.states.isEmpty)
        #expect(self.test.exchange.read { Array($0.phones.keys) } == [number])
        #expect(self.test.receipts(after: .hours(1)).isEmpty)
    }

    @Test(
        "The code in a text",
        arguments: [
            ("Your code is 123456. Northwind", "123456"), ("Code: 12345678", "12345678"), ("123", nil),
            ("Call 85291234567 now", nil), ("驗證碼是123456，請勿告訴他人。", "123456"), ("A12345 is no code", nil),
            ("2027 is first\n\n@example.com #654321", "654321"), ("No code\n@example.com #abc", nil),
            ("Pay 1,000 with 4711", "4711"),
        ] as [(String, String?)])
    func code(text: String, expected: String?) throws {
        _ = try self.submit(WayFaults(), self.test.submission(text: text))
        #expect(self.test.exchange.read { $0.texts[0].code } == expected)
    }

    @Test(
        "Numbers",
        arguments: [
            ("+85291234567", true), ("85291234567", false), ("+123456", false), ("+1234567", true),
            ("+123456789012345", true), ("+1234567890123456", false), ("+0123456789", false), ("+852 9123 4567", false),
            ("+８５２91234567", false), ("", false), ("+", false),
        ])
    func numbers(text: String, isValid: Bool) { #expect((PhoneNumber(text) != nil) == isValid) }

    private struct Missing: Error {}
}
