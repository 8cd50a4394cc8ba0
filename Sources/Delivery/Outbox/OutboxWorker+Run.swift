internal import Channels
internal import Flows
internal import Logging
internal import Outbox
internal import Time

extension OutboxWorker {
    /// Keeps the ways up and works the outbox until it is cancelled. What is being handed over then is finished first.
    package func run() async {
        let ways = self.providers.values.map { provider in Task { await self.keepUp(provider) } }
        await withTaskGroup { group in
            for channel in self.channels { group.addTask { await OutboxLane(self, channel).run() } }
        }
        self.end()
        for way in ways { way.cancel() }
        for way in ways { await way.value }
    }

    private func keepUp(_ provider: OutboxProvider) async {
        do {
            try await provider.channel.run { report in await self.take(report, from: provider.name) }
            self.logger.error("a way has ended by itself", metadata: ["provider": "\(provider.name)"])
        } catch {
            // Cancelled, as it should be in the end.
        }
    }
}

/// The messages of one channel: as many at once as there is room for.
private struct OutboxLane {
    let worker: OutboxWorker
    let channel: MessageChannel
    private let slots: OutboxSlots

    init(_ worker: OutboxWorker, _ channel: MessageChannel) {
        self.worker = worker
        self.channel = channel
        self.slots = OutboxSlots(worker.width(of: channel))
    }

    /// Nobody need tell of what becomes due by time alone, or while notifications do not come through.
    private static let longestPause = Span.seconds(1)

    func run() async {
        let (stream, wake) = self.worker.waker.wakes()
        var wakes = stream.makeAsyncIterator()
        while !Task.isCancelled {
            let next = await self.start(wake)
            let pause = self.pause(until: next)
            let timer = Task {
                try? await Task.sleep(for: .milliseconds(pause.milliseconds))
                if !Task.isCancelled { wake() }
            }
            _ = await wakes.next()
            timer.cancel()
        }
        await self.slots.drained()
    }

    private func pause(until next: Instant?) -> Span {
        let now = self.worker.flow.now()
        guard let next, self.slots.free > 0 else { return Self.longestPause }
        return min(max(next - now, .milliseconds(0)), Self.longestPause)
    }

    /// Begins what there is room for.
    ///
    /// - Returns: when there is more to do; nil when nothing waits.
    private func start(_ wake: @escaping @Sendable () -> Void) async -> Instant? {
        let (room, grows) = self.worker.room(by: self.channel, within: self.slots.room)
        guard room.all > 0 else { return grows }
        do {
            // Reading first: an idle node writes nothing.
            let due = try await self.worker.flow.nextDue(by: self.channel, into: room)
            guard let due, due <= self.worker.flow.now() else { return [due, grows].compactMap { $0 }.min() }
            let claimed = try await self.worker.claim(by: self.channel, into: self.slots.room)
            for message in claimed.messages { self.begin(message, wake) }
            return claimed.next
        } catch {
            self.worker.logger.warning("the outbox could not be read", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// In a task of its own, which nobody cancels: what is half handed over must be finished.
    private func begin(_ message: ClaimedMessage, _ wake: @escaping @Sendable () -> Void) {
        self.slots.take()
        Task {
            await self.worker.handOver(message)
            self.slots.give()
            wake()
        }
    }
}
