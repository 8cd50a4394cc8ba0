internal import Flows
internal import Outbox
internal import Synchronization
internal import Time

/// The rates of the providers, as this node keeps them. A channel's messages are claimed by one lane, and no more of them than
/// there are places for.
final class OutboxRates: Sendable {
    private struct State {
        var rates: [String: ProviderRate]
        var refusals: [MessageChannel: OutboxTrials] = [:]
    }

    private let state: Mutex<State>

    /// How many notices a second may be claimed in vain.
    static let mostRefusals = 50

    init(_ perSecond: [String: Int]) {
        self.state = Mutex(State(rates: perSecond.mapValues(ProviderRate.init(perSecond:))))
    }

    func rates(of providers: [String]) -> [String: ProviderRate] {
        self.state.withLock { $0.rates.filter { providers.contains($0.key) } }
    }

    /// - Returns: what the rates leave of the room; and, where they leave none, when they do.
    func room(
        by channel: MessageChannel, of providers: [String], within room: OutboxRoom, at now: Instant
    ) -> (room: OutboxRoom, grows: Instant?) {
        self.state.withLock { state in
            let rates = providers.map { state.rates[$0] }
            let left = state.refusals[channel, default: OutboxTrials(most: Self.mostRefusals)].left(at: now)
            let limited = Self.limit(room, rates, at: now).limited(to: OutboxRoom(all: room.all, forOthers: left))
            let isCut = limited.all == 0 || (limited.forOthers == 0 && room.forOthers > 0)
            guard room.all > 0, isCut else { return (limited, nil) }
            let times = rates.compactMap { $0?.grows(at: now) } + (left > 0 ? [] : [now + OutboxTrials.span])
            return (limited, times.min())
        }
    }

    /// Which of many providers a message goes to is known only when it is claimed: then those are put back that find no place,
    /// and none is claimed while no provider has one.
    private static func limit(_ room: OutboxRoom, _ rates: [ProviderRate?], at now: Instant) -> OutboxRoom {
        let rooms = rates.compactMap { $0?.room(at: now) }
        guard rooms.count == rates.count, let first = rooms.first else { return room }
        guard rooms.count > 1 else { return room.limited(to: first) }
        return OutboxRoom(
            all: rooms.contains { $0.all > 0 } ? room.all : 0,
            forOthers: rooms.contains { $0.forOthers > 0 } ? room.forOthers : 0)
    }

    func note(_ claimed: ClaimedMessages, by channel: MessageChannel, at now: Instant) {
        let counts = Dictionary(claimed.messages.map { ($0.provider, 1) }, uniquingKeysWith: +)
        self.state.withLock { state in
            for (name, rate) in claimed.rates {
                state.rates[name] = rate
                if let count = counts[name] { state.rates[name]?.leave(count, at: now) }
            }
            state.refusals[channel, default: OutboxTrials(most: Self.mostRefusals)].note(claimed.refused)
        }
    }
}
