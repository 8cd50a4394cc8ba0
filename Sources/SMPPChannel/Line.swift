internal import Channels
internal import Logging
internal import NIOCore
internal import SMPP
internal import Synchronization
internal import Time

/// What goes on over one provider's connections: at most one at a time, its window, and who waits for what.
///
/// Everything is decided under one lock. Nothing is written there: a write may end a connection, and come back here. Nobody is
/// told there either: telling a task takes its own lock, and whoever cancels it holds that one and comes here for ours.
final class Line: Sendable {
    let settings: SMPPSettings
    let logger: Logger
    let loop: any EventLoop
    let state: Mutex<State>

    init(settings: SMPPSettings, logger: Logger, loop: any EventLoop) {
        (self.settings, self.logger, self.loop) = (settings, logger, loop)
        self.state = Mutex(State(settings))
    }

    struct State {
        var standing = Standing.down(DeliveryFault(.unreachable, "not running"), until: nil)
        /// The first reason why the connection will end.
        var fault: DeliveryFault?
        var isLeaving = false
        /// The last that was used, over all connections: an answer never fits a later question.
        var sequence: UInt32 = 0
        var enquiry: (sequence: UInt32, timer: Scheduled<Void>)?
        /// The next one, of which there is one at most.
        var nextEnquiry: Scheduled<Void>?

        var lastTicket: UInt64 = 0
        var queue = CircularBuffer<UInt64>()
        var waiting: [UInt64: Submission] = [:]
        var inFlight: [UInt32: InFlight] = [:]
        var throttle: Throttle

        var ledger = ReceiptLedger(most: 50_000)
        var held: [HeldReceipt] = []
        /// Receipts that are read and not yet answered.
        var unanswered = 0
        var lanes: [AsyncStream<PendingReport>.Continuation] = []
        /// What is to be told to whoever waits, once the lock is free.
        var news: [@Sendable () -> Void] = []

        init(_ settings: SMPPSettings) { self.throttle = Throttle(settings.timing) }

        mutating func nextSequence() -> UInt32 {
            self.sequence = self.sequence < PDU.sequences.upperBound ? self.sequence + 1 : 1
            return self.sequence
        }

        mutating func nextTicket() -> UInt64 {
            self.lastTicket += 1
            return self.lastTicket
        }
    }

    enum Standing {
        /// No connection, and none is being made before then.
        case down(DeliveryFault, until: NIODeadline?)
        case connecting
        case binding(any Channel, sequence: UInt32, timer: Scheduled<Void>, CheckedContinuation<DeliveryFault?, Never>)
        case bound(any Channel)
    }

    /// Tells what was decided. After every step that may have ended a wait.
    func tell() {
        let news = self.state.withLock { state in
            defer { state.news = [] }
            return state.news
        }
        for tell in news { tell() }
    }

    /// Always by way of the loop, so never under the lock.
    func send(_ pdu: PDU, on channel: any Channel) {
        self.loop.execute {
            do {
                channel.writeAndFlush(ByteBuffer(bytes: try pdu.encoded()), promise: nil)
            } catch {
                self.failed(error)
                channel.close(promise: nil)
            }
        }
    }

    /// - Parameter work: what is done then, unless the timer was cancelled.
    func after(_ span: Span, _ work: @escaping @Sendable () -> Void) -> Scheduled<Void> {
        self.loop.scheduleTask(in: span.amount, work)
    }

    /// Notes why the connection is about to end.
    func failed(_ error: any Error) {
        let fault = Self.fault(error)
        self.state.withLock { $0.fault = $0.fault ?? fault }
    }

    func close(_ channel: any Channel, _ fault: DeliveryFault) {
        // A timer may outlive its connection, and must not blame the next.
        guard channel.isActive else { return }
        self.state.withLock { $0.fault = $0.fault ?? fault }
        self.loop.execute { channel.close(promise: nil) }
    }

    static func fault(_ error: any Error) -> DeliveryFault {
        switch error {
        case let error as SMPPError: DeliveryFault(.malformedAnswer, "\(error)")
        default: DeliveryFault(.unreachable, "\(error)")
        }
    }
}
