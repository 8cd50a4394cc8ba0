internal import Channels
package import Flows
internal import Identifiers
package import Logging
internal import Outbox
internal import Synchronization
internal import Time

/// Works the outbox of one node: takes what is due, hands it to the providers, and saves what they say. Nothing that it keeps
/// in memory is needed by another node, or after it was killed.
package final class OutboxWorker: Sendable {
    let flow: OutboxFlow
    let providers: [String: OutboxProvider]
    let logger: Logger
    let waker: OutboxWaker
    private let words: MessageWords
    private let worker: WorkerID
    private let windows: [String: ProviderWindow]
    private let health: Mutex<[String: ProviderHealth]>
    private let trials: Mutex<[MessageChannel: OutboxTrials]>
    private let rates: OutboxRates
    private let simSwap: SIMSwapService?
    private let pause: Duration
    /// When the end began.
    private let ending = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameters:
    ///   - simSwap: whoever is asked about a number before a code goes there.
    ///   - patience: how long a message waits for a place at a provider. With a hand-over it must fit into a lease.
    ///   - pause: before what could not be saved is tried again.
    /// - Throws: ``OutboxWorkerError`` when the flow's plan names a provider that is not given.
    package init(
        flow: OutboxFlow, providers: [OutboxProvider], words: MessageWords, waker: OutboxWaker, logger: Logger,
        simSwap: SIMSwapService? = nil, patience: Duration = .seconds(10), pause: Duration = .seconds(1)
    ) throws(OutboxWorkerError) {
        let known = Dictionary(providers.map { ($0.name, $0) }) { first, _ in first }
        for provider in flow.routes.providers where known[provider.name] == nil { throw .noChannel(provider.name) }
        (self.flow, self.providers, self.words, self.waker, self.logger) = (flow, known, words, waker, logger)
        self.worker = flow.newWorker()
        self.windows = known.mapValues { ProviderWindow($0.window, patience: patience) }
        self.health = Mutex([:])
        self.trials = Mutex([:])
        self.rates = OutboxRates(known.compactMapValues(\.perSecond))
        self.simSwap = simSwap
        self.pause = pause
    }

    /// The ways that have a provider.
    var channels: [MessageChannel] {
        MessageChannel.allCases.filter { channel in self.flow.routes.providers.contains { $0.channel == channel } }
    }

    /// How many go by this way at once: as many as its widest provider takes.
    func width(of channel: MessageChannel) -> Int {
        self.flow.routes.providers.filter { $0.channel == channel }
            .compactMap { self.providers[$0.name]?.window }.max() ?? 1
    }

    /// Where every provider fails, a few are tried each second to see whether one is back: a hundred thousand that wait would
    /// keep the database from everything else.
    func claim(by channel: MessageChannel, into wanted: OutboxRoom) async throws -> ClaimedMessages {
        let now = self.flow.now()
        let providers = self.names(of: channel)
        let (room, grows) = self.room(by: channel, within: wanted)
        guard room.all > 0 else { return ClaimedMessages(messages: [], next: grows) }
        guard self.names({ $0.isDoubtful(at: now) }).isSuperset(of: providers) else {
            return try await self.begin(by: channel, into: room).again(at: grows)
        }
        let left = self.trials.withLock {
            $0[channel, default: OutboxTrials(providers: providers.count)].left(at: now)
        }
        guard left > 0 else { return ClaimedMessages(messages: [], next: now + OutboxTrials.span) }
        let claimed = try await self.begin(by: channel, into: room.limited(to: OutboxRoom(left)))
        self.trials.withLock { $0[channel]?.note(claimed.messages.count) }
        return claimed.again(at: grows)
    }

    /// What the providers' rates leave of the room, and when they leave more.
    func room(by channel: MessageChannel, within room: OutboxRoom) -> (room: OutboxRoom, grows: Instant?) {
        self.rates.room(by: channel, of: self.names(of: channel), within: room, at: self.flow.now())
    }

    private func begin(by channel: MessageChannel, into room: OutboxRoom) async throws -> ClaimedMessages {
        let claimed = try await self.flow.claim(
            by: channel, into: room, for: self.worker, avoiding: self.resting,
            within: self.rates.rates(of: self.names(of: channel)))
        self.rates.note(claimed, by: channel, at: self.flow.now())
        return claimed
    }

    private func names(of channel: MessageChannel) -> [String] {
        self.flow.routes.providers.filter { $0.channel == channel }.map(\.name)
    }

    /// The providers that are asked last for a while, because they have failed of late.
    package var resting: Set<String> {
        let now = self.flow.now()
        return self.names { $0.isResting(at: now) }
    }

    private func names(_ holds: (ProviderHealth) -> Bool) -> Set<String> {
        self.health.withLock { Set($0.filter { holds($0.value) }.keys) }
    }

    /// Hands over whatever is due, and what becomes due by that; then it comes back.
    ///
    /// - Returns: how many hand-overs there were.
    package func work() async throws -> Int {
        var count = 0
        for channel in self.channels {
            var next: Instant?
            repeat {
                let claimed = try await self.claim(by: channel, into: OutboxRoom(self.width(of: channel)))
                await withTaskGroup { group in
                    for message in claimed.messages { group.addTask { await self.handOver(message) } }
                }
                count += claimed.messages.count
                next = claimed.messages.isEmpty ? claimed.next : self.flow.now()
            } while next.map { $0 <= self.flow.now() } ?? false
        }
        return count
    }

    /// Hands one message over, and saves the answer; or puts it back where there was no place for it.
    func handOver(_ message: ClaimedMessage) async {
        let now = self.flow.now()
        let verdict = await self.simSwap?.verdict(on: message, at: now, logger: self.logger) ?? .notAsked
        guard let answer = await self.answer(to: message, verdict) else { return await self.putBack(message) }
        await self.save(answer, to: message, verdict)
    }

    private func putBack(_ message: ClaimedMessage) async {
        let later = self.flow.now() + Self.pauseWithoutPlace
        await self.persistently("a message could not be put back", message.provider) {
            try await self.flow.putBack(message, until: later)
        }
    }

    private static let pauseWithoutPlace = Span.seconds(5)

    private func save(_ answer: HandOver, to message: ClaimedMessage, _ verdict: SIMSwapVerdict) async {
        self.log(answer, message)
        let parts = self.parts(of: message)
        await self.persistently("an answer could not be saved", message.provider) {
            guard try await self.flow.finish(message, with: answer, parts: parts, verdict: verdict) == nil
            else { return }
            self.logger.notice("an answer came too late", metadata: ["provider": "\(message.provider)"])
        }
    }

    private func parts(of message: ClaimedMessage) -> Int64 {
        self.words.outgoing(message).flatMap { self.providers[message.provider]?.channel.parts(of: $0) } ?? 1
    }

    private func answer(to message: ClaimedMessage, _ verdict: SIMSwapVerdict) async -> HandOver? {
        if let fault = verdict.fault { return .refused(fault) }
        return await self.answer(to: message)
    }

    /// - Returns: nil for a notice that finds no place: it has the time, and the provider is not at fault.
    private func answer(to message: ClaimedMessage) async -> HandOver? {
        guard let outgoing = self.words.outgoing(message), let provider = self.providers[message.provider],
            let window = self.windows[message.provider]
        else { return .refused(DeliveryFault(.rejectedContent, "there are no words for it")) }
        let isUrgent = message.template.urgency == .now
        guard await window.enter(isUrgent: isUrgent) else {
            let fault = DeliveryFault(.throttled, "too many are being handed over")
            return isUrgent ? .postponed(fault, retryAfter: nil) : nil
        }
        defer { window.leave() }
        let answer = await provider.channel.handOver(outgoing, at: self.flow.now())
        let now = self.flow.now()
        self.health.withLock { $0[message.provider, default: ProviderHealth()].note(answer, at: now) }
        return answer
    }

    /// Takes a provider's report. He gives it once, and believes it kept when this returns: it is tried for as long as the
    /// database is away. Whoever reports takes no more than so many until then.
    func take(_ report: DeliveryReport, from provider: String) async {
        await self.persistently("a report could not be saved", provider, outlasting: true) {
            guard try await self.flow.report(report, by: provider) == .refused else { return }
            self.logger.notice("a report names nothing", metadata: ["provider": "\(provider)"])
        }
    }

    /// Tries again for as long as a database may be away while another takes over: what is lost here costs a user his code,
    /// or sends it to him twice.
    ///
    /// - Parameter outlasts: whether it goes on until the database is back, or the worker has ended.
    private func persistently(
        _ problem: Logger.Message, _ provider: String, outlasting outlasts: Bool = false,
        _ save: @Sendable () async throws -> Void
    ) async {
        var tries = 0
        while true {
            do {
                return try await save()
            } catch {
                tries += 1
                if tries <= Self.tries || tries.isMultiple(of: 60) {
                    self.logger.warning(problem, metadata: ["provider": "\(provider)", "error": "\(error)"])
                }
                // Who is cancelled does not answer the provider, who reports again.
                let isAway = outlasts && StoreFault(error) != nil && !Task.isCancelled
                guard isAway ? !self.hasEnded : tries < Self.tries else { return }
                try? await Task.sleep(for: self.pause)
            }
        }
    }

    /// Well within the lease.
    private static let tries = 10

    /// From now on a report is waited for no longer than an answer.
    func end() { self.ending.withLock { $0 = .now } }

    private var hasEnded: Bool {
        self.ending.withLock { $0.map { $0 + self.pause * Self.tries <= .now } ?? false }
    }

    private func log(_ answer: HandOver, _ message: ClaimedMessage) {
        let (word, fault): (String, DeliveryFault?) =
            switch answer {
            case .accepted: ("accepted", nil)
            case .refused(let fault): ("refused", fault)
            case .postponed(let fault, _): ("postponed", fault)
            case .unanswered(let fault): ("unanswered", fault)
            }
        var metadata: Logger.Metadata = [
            "message": "\(message.id)", "provider": "\(message.provider)", "template": "\(message.template.rawValue)",
            "answer": "\(word)",
        ]
        if let fault { metadata["fault"] = "\(fault.kind.rawValue): \(fault.detail)" }
        self.logger.log(level: fault == nil ? .debug : .notice, "a message was handed over", metadata: metadata)
    }
}
