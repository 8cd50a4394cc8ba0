import Channels
import NIOCore
import NIOEmbedded
import SMPP
import Synchronization
import Testing
import Time

@testable import SMPPChannel

@Suite("SMPP channel: enquiries over a clock that the test moves", .timeLimit(.minutes(1)))
struct EnquiryTests {
    /// A line that is bound over a connection in the test's hands.
    private struct Bound {
        let loop = NIOAsyncTestingEventLoop()
        let connection: NIOAsyncTestingChannel
        let line: Line

        init() async throws {
            self.connection = NIOAsyncTestingChannel(loop: self.loop)
            self.line = Line(settings: try Rig.settings(port: 1), logger: CapturedLog().logger, loop: self.loop)
            try await self.connection.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
            self.line.start(lanes: [])
            async let fault = self.line.bind(self.connection)
            let bind = try await self.connection.waitForOutboundWrite(as: ByteBuffer.self)
            try self.answer(try Self.pdu(bind), .bindTransceiverResponse(BindResponse(systemID: "TEST")))
            guard await fault == nil else { throw Unexpected() }
        }

        static func pdu(_ buffer: ByteBuffer) throws -> PDU { try PDU(parsing: Array(buffer: buffer)[...]) }

        func answer(_ pdu: PDU, _ operation: PDU.Operation) throws {
            self.line.received(try PDU(operation, sequence: pdu.sequence).encoded(), on: self.connection)
        }

        /// Moves the clock on, and answers the enquiries that came by that.
        ///
        /// - Returns: how many there were.
        func advance(_ amount: TimeAmount) async throws -> Int {
            await self.loop.advanceTime(by: amount)
            await self.loop.run()
            var count = 0
            while let written = try await self.connection.readOutbound(as: ByteBuffer.self) {
                let pdu = try Self.pdu(written)
                guard pdu.operation == .enquireLink else { continue }
                try self.answer(pdu, .enquireLinkResponse)
                count += 1
            }
            return count
        }

        /// A message that gets no answer in time.
        func loseAnswer() async throws -> Int {
            let message = ShortMessage(source: .none, destination: .none, coding: .standard, shortMessage: [0x61])
            let life = Life(until: Rig.now + .minutes(10), from: Rig.now, at: .now())
            async let answer = self.line.submit(message, life, nil)
            _ = try await self.connection.waitForOutboundWrite(as: ByteBuffer.self)
            let count = try await self.advance(self.line.settings.timing.answer.amount)
            guard case .unanswered = await answer else { throw Unexpected() }
            return count
        }
    }

    @Test("An answer that does not come is asked after at once, and there is one enquiry an interval all the same")
    func oneAfterAnother() async throws {
        let bound = try await Bound()
        for _ in 1...5 { #expect(try await bound.loseAnswer() == 1) }
        var count = 0
        for _ in 1...600 { count += try await bound.advance(.seconds(1)) }
        #expect(count == 20)
        bound.line.closed()
        #expect(bound.line.state.withLock { $0.nextEnquiry == nil && $0.enquiry == nil })
    }
}
