internal import Audit
package import Channels
package import Identifiers
package import Outbox
package import Storage
package import Time

/// Works the messages that wait to go out: claimed for a while, handed over by Delivery, and what came of it saved. A worker
/// that is killed loses nothing: its claim ends, and another tries once more.
package struct OutboxFlow: Sendable {
    /// Ends whatever the message's code was for, since whoever received it says that he did not ask for it, in the
    /// transaction that saves what he said.
    package typealias Disown = @Sendable (StoreTransaction, StoredMessage, Instant) throws -> Void

    let environment: FlowEnvironment
    package let routes: DeliveryRoutes
    let disown: Disown

    /// - Parameter disown: takes the lock of the login and of what comes before it.
    package init(
        environment: FlowEnvironment, routes: DeliveryRoutes, disown: @escaping Disown = { _, _, _ in }
    ) {
        self.environment = environment
        self.routes = routes
        self.disown = disown
    }

    package func newWorker() -> WorkerID { self.environment.id(at: self.environment.now()) }
    package func now() -> Instant { self.environment.now() }

    /// What is due by this channel: first what somebody waits for, then the rest, each the oldest first. Each belongs to the
    /// worker until its lease ends.
    ///
    /// - Parameters:
    ///   - room: how many there is room for.
    ///   - resting: providers that are asked only when no other is left.
    ///   - rates: of the providers that take so many a second. Whoever finds no place there is put back.
    package func claim(
        by channel: MessageChannel, into room: OutboxRoom, for worker: WorkerID, avoiding resting: Set<String> = [],
        within rates: [String: ProviderRate] = [:]
    ) async throws -> ClaimedMessages {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let urgent = try store.outbox.due(by: channel, .now, most: room.all, at: now)
            let forOthers = min(room.forOthers, room.all - urgent.count)
            let others = forOthers > 0 ? try store.outbox.due(by: channel, .soon, most: forOthers, at: now) : []
            let due = urgent + others
            // The transaction may run again: what it counts is its own until it is over.
            var (rates, refused) = (rates, 0)
            let off = due.isEmpty ? [] : try store.providerSwitches.off()
            let messages = try due.compactMap { stored in
                let route = self.routes.route(
                    by: channel, to: stored.destination, through: stored.through, off: off, resting: resting)
                let begun = try self.begin(stored, on: route, for: worker, within: &rates, in: store, at: now)
                if begun.isRefused, stored.life.urgency == .soon { refused += 1 }
                return begun.message
            }
            let left = OutboxRoom(all: room.all - due.count, forOthers: room.forOthers - others.count)
            let next = left.all == 0 ? now : try store.nextDue(by: channel, into: left)
            return ClaimedMessages(messages: messages, next: next, rates: rates, refused: refused)
        }
    }

    package func claim(
        by channel: MessageChannel, most: Int, for worker: WorkerID, avoiding resting: Set<String> = []
    ) async throws -> ClaimedMessages {
        try await self.claim(by: channel, into: OutboxRoom(most), for: worker, avoiding: resting)
    }

    /// When the next one is due by this channel for which there is room; nil when none waits.
    package func nextDue(by channel: MessageChannel, into room: OutboxRoom = OutboxRoom(1)) async throws -> Instant? {
        try await self.environment.store.read { try $0.nextDue(by: channel, into: room) }
    }

    private func begin(
        _ stored: StoredMessage, on route: MessageRoute, for worker: WorkerID,
        within rates: inout [String: ProviderRate], in store: StoreTransaction, at now: Instant
    ) throws -> (message: ClaimedMessage?, isRefused: Bool) {
        var (life, effects) = (stored.life, [MessageEffect]())
        if life.state == .attempting { effects += life.handle(.leaseEnded, at: now) }
        let body = try store.outbox.body(of: stored)
        let lease = now + MessageTimes.lease(of: stored.channel)
        effects += life.handle(body == nil ? .unreadable : .claimed(route, until: lease), at: now)
        let refusal = self.refuse(&life, after: effects.last, on: route, within: &rates, at: now)
        effects += refusal
        try store.outbox.save(
            life, over: stored, worker: life.state == .attempting ? worker : nil, wakes: refusal.isEmpty)
        try self.environment.record(effects, of: stored, life, in: store, at: now)
        guard let body, case .handOver(let provider)? = effects.last else { return (nil, !refusal.isEmpty) }
        return (ClaimedMessage(stored: stored, version: stored.version + 1, provider: provider, body: body), false)
    }

    /// Puts it back where the provider takes no more within this second; to the next one where its life would be over before
    /// its turn has likely come.
    private func refuse(
        _ life: inout MessageLife, after effect: MessageEffect?, on route: MessageRoute,
        within rates: inout [String: ProviderRate], at now: Instant
    ) -> [MessageEffect] {
        guard case .handOver(let provider)? = effect,
            case .later(let turn, let expected)? = rates[provider]?.turn(of: life.urgency, at: now)
        else { return [] }
        guard expected >= life.expires, life.hasAnother(on: route, at: now) else {
            return life.handle(.putBack(until: turn), at: now)
        }
        let fault = DeliveryFault(.throttled, "its turn would come too late")
        return life.handle(.postponed(fault, retryAfter: nil), at: now)
    }

    /// Saves what the provider answered, with whatever it has reported already.
    ///
    /// - Parameters:
    ///   - parts: as how many messages the provider counts it.
    ///   - verdict: what was said of its number before it was handed over.
    /// - Returns: where the message stands; nil when it was no longer this worker's, and nothing was saved.
    package func finish(
        _ message: ClaimedMessage, with answer: HandOver, parts: Int64 = 1, verdict: SIMSwapVerdict = .notAsked
    ) async throws -> MessageState? {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let stored = try store.outbox.lock(message.id), stored.version == message.version else { return nil }
            var life = stored.life
            var effects = life.handle(self.event(answer, of: message, parts), at: now)
            for report in try self.early(answer, of: message, in: store, at: now) {
                effects += life.handle(.reported(report.progress, detail: report.detail, at: report.at), at: now)
            }
            try store.outbox.save(life, over: stored)
            try self.environment.record(effects, of: stored, life, in: store, at: now)
            try self.note(verdict, on: stored, in: store, at: now)
            // The order of the locks is the login's first: here the database may have to choose between two, and runs one
            // of them again.
            if effects.contains(.disowned) { try self.disown(store, stored, now) }
            if effects.contains(.record(.handedOver)) { try self.count(stored, in: store, at: now) }
            return life.state
        }
    }

    /// Counts a code that a provider has taken, unless it took so long that it tells nothing. Last of all: these rows are
    /// shared by everybody.
    private func count(_ message: StoredMessage, in store: StoreTransaction, at now: Instant) throws {
        guard let challenge = message.challenge, let purpose = message.template.codePurpose,
            let destination = message.destination, now - message.created <= ConversionRule.patience
        else { return }
        try store.conversions.countSent(CountedCode(challenge, for: purpose, to: destination))
    }

    /// Gives a message back for which its provider has no place now.
    package func putBack(_ message: ClaimedMessage, until turn: Instant) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard let stored = try store.outbox.lock(message.id), stored.version == message.version else { return }
            var life = stored.life
            let effects = life.handle(.putBack(until: turn), at: now)
            try store.outbox.save(life, over: stored, wakes: false)
            try self.environment.record(effects, of: stored, life, in: store, at: now)
        }
    }

    private func event(_ answer: HandOver, of message: ClaimedMessage, _ parts: Int64) -> MessageEvent {
        switch answer {
        case .accepted(let reference):
            let cost = self.routes[message.provider]?.price.amount(to: message.destination, parts: parts)
            return .accepted(reference: reference.flatMap(DeliveryReport.plausible), cost: cost)
        case .refused(let fault): return .refused(fault.printable)
        case .postponed(let fault, let pause): return .postponed(fault.printable, retryAfter: pause)
        case .unanswered(let fault): return .unanswered(fault.printable)
        }
    }

    private func early(
        _ answer: HandOver, of message: ClaimedMessage, in store: StoreTransaction, at now: Instant
    ) throws -> [DeliveryReport] {
        guard case .accepted(let name?) = answer, let reference = DeliveryReport.plausible(name) else { return [] }
        return try store.deliveryReferences.bind(reference, of: message.provider, to: message.id, at: now)
    }
}
