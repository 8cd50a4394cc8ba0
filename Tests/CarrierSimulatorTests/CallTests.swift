import Synchronization
import Testing
import Time

@testable import CarrierSimulator

@Suite("What the telephone does with calls")
struct CallTests {
    private let test = TestCarrier()

    private func ring(_ mode: Phone.Mode = .on) throws -> CallReception {
        let number = try #require(PhoneNumber(TestCarrier.number))
        return self.test.exchange.change { carrier, now in
            carrier.set(mode, of: number, at: now)
            return carrier.call(number, from: "Northwind", at: now).0
        }
    }

    private var call: PhoneCall { get throws { try #require(self.test.exchange.read { $0.calls.last }) } }

    @Test("Answered, keyed, hung up; each is a command for the line")
    func conversation() throws {
        guard case .rings(let number) = try self.ring() else { throw Missing() }
        let heard = Log()
        self.test.exchange.connect(number) { heard.add($0) }
        #expect(!CallAction.key("1").perform(on: number, at: self.test.exchange))
        #expect(CallAction.answer.perform(on: number, at: self.test.exchange))
        #expect(!CallAction.answer.perform(on: number, at: self.test.exchange))
        #expect(CallAction.key("1").perform(on: number, at: self.test.exchange))
        #expect(CallAction.hangUp.perform(on: number, at: self.test.exchange))
        #expect(!CallAction.hangUp.perform(on: number, at: self.test.exchange))
        #expect(heard.all == [.answer, .press("1"), .hangUp])
        #expect(try self.call.keys == "1")
        #expect(try self.call.recording.isFinished)
        #expect(try self.call.state == .over(.hungUp, self.test.clock.now()))
    }

    @Test("Declined")
    func declined() throws {
        guard case .rings(let number) = try self.ring() else { throw Missing() }
        #expect(CallAction.decline.perform(on: number, at: self.test.exchange))
        #expect(try self.call.state == .over(.declined, self.test.clock.now()))
    }

    @Test("What a caller hears at once", arguments: [(Phone.Mode.busy, CallReception.busy), (.off, .off)])
    func refused(mode: Phone.Mode, expected: CallReception) throws {
        #expect(try self.ring(mode) == expected)
        #expect(try self.call.isOver)
    }

    @Test("A second caller finds the line taken")
    func taken() throws {
        guard case .rings = try self.ring() else { throw Missing() }
        #expect(try self.ring() == .busy)
    }

    @Test("A mailbox answers by itself, and presses nothing")
    func mailbox() throws {
        guard case .rings(let number) = try self.ring(.mailbox) else { throw Missing() }
        let heard = Log()
        self.test.exchange.connect(number) { heard.add($0) }
        #expect(try !self.call.isOffered)
        _ = self.test.receipts(after: .milliseconds(1_999))
        #expect(heard.all.isEmpty)
        _ = self.test.receipts(after: .milliseconds(1))
        #expect(heard.all == [.answer])
    }

    @Test("Where nobody comes, no button is offered, and the caller gives up")
    func noAnswer() throws {
        guard case .rings(let number) = try self.ring(.noAnswer) else { throw Missing() }
        #expect(try !self.call.isOffered)
        _ = self.test.receipts(after: .seconds(60))
        #expect(try self.call.state == .ringing)
        self.test.exchange.change { carrier, now in carrier.end(number, .missed, at: now) }
        #expect(try self.call.isOver)
    }

    @Test("A recording grows by place, and is a WAV file")
    func recording() {
        let recording = Recording()
        recording.write([1, 2], at: 0)
        recording.write([5, -1], at: 4)
        recording.write([9], at: 3)
        recording.write([7], at: -1)
        recording.write([7], at: Recording.longest)
        #expect(recording.samples() == [1, 2, 0, 9, 5, -1])
        #expect(recording.wav.count == 44 + 12)
        #expect(recording.wav.suffix(2) == [0xFF, 0xFF])
        #expect(recording.wav[40..<44] == [12, 0, 0, 0])
        recording.finish()
        recording.write([7], at: 6)
        #expect(recording.count == 6)
    }

    private struct Missing: Error {}
}

private final class Log: Sendable {
    private let commands = Mutex<[CallCommand]>([])

    func add(_ command: CallCommand) { self.commands.withLock { $0.append(command) } }
    var all: [CallCommand] { self.commands.withLock { $0 } }
}
