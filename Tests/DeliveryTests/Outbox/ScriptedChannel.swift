import Channels
import Synchronization
import Time

/// A provider inside the test: it takes messages and answers by script, then says yes to everything.
final class ScriptedChannel: DeliveryChannel {
    typealias Reporting = @Sendable (DeliveryReport) async -> Void

    private struct State {
        var answers: [HandOver] = []
        var otherwise: HandOver?
        var messages: [OutgoingMessage] = []
        var times: [Instant] = []
        var underWay = 0
        var mostUnderWay = 0
        var reporting: Reporting?
        var gate: Gate?
    }

    private let state = Mutex(State())
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation
    private let starts: AsyncStream<Void>
    private let start: AsyncStream<Void>.Continuation

    /// As how many messages it counts each.
    private let parts: Int64

    init(_ answers: HandOver..., otherwise: HandOver? = nil, parts: Int64 = 1) {
        self.parts = parts
        (self.arrivals, self.arrival) = AsyncStream.makeStream()
        (self.starts, self.start) = AsyncStream.makeStream()
        self.state.withLock { state in
            state.answers = answers
            state.otherwise = otherwise
        }
    }

    /// What was handed over, in order.
    var messages: [OutgoingMessage] { self.state.withLock { $0.messages } }
    /// When, in the same order.
    var times: [Instant] { self.state.withLock { $0.times } }
    var texts: [String] {
        self.messages.compactMap { message in
            guard case .text(let text) = message.content else { return nil }
            return text
        }
    }
    var mostUnderWay: Int { self.state.withLock { $0.mostUnderWay } }
    /// How its reports reach us, while it runs.
    var reporting: Reporting? { self.state.withLock { $0.reporting } }

    func answer(_ answers: HandOver...) { self.state.withLock { $0.answers += answers } }

    /// From now on, once the script is at its end.
    func answerAll(_ answer: HandOver) { self.state.withLock { $0.otherwise = answer } }

    /// From now on whatever is handed over waits until the gate is opened.
    func close() -> Gate {
        let gate = Gate()
        self.state.withLock { $0.gate = gate }
        return gate
    }

    /// Returns when it runs.
    func started() async { for await _ in self.starts { return } }

    /// Returns when so many more were handed over.
    func arrived(_ count: Int) async {
        var left = count
        for await _ in self.arrivals {
            left -= 1
            if left == 0 { return }
        }
    }

    func run(reporting: @escaping Reporting) async throws(CancellationError) {
        self.state.withLock { $0.reporting = reporting }
        self.start.yield()
        let (never, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        continuation.finish()
        self.state.withLock { $0.reporting = nil }
        throw CancellationError()
    }

    func parts(of message: OutgoingMessage) -> Int64 { self.parts }

    func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver {
        let (answer, gate) = self.state.withLock { state -> (HandOver, Gate?) in
            state.messages.append(message)
            state.times.append(now)
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            guard state.answers.isEmpty else { return (state.answers.removeFirst(), state.gate) }
            return (state.otherwise ?? .accepted(reference: "m\(state.messages.count)"), state.gate)
        }
        self.arrival.yield()
        await gate?.pass()
        self.state.withLock { $0.underWay -= 1 }
        return answer
    }
}

/// Holds whoever comes until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
