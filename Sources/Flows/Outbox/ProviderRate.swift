package import Outbox
package import Time

/// How many messages one provider is handed within any second, by this node.
///
/// Nothing is booked: whoever finds a place takes it, and whoever finds none comes again a little later, when any node may
/// take him. Places are for codes first: notices leave some of them free, and all while a code is known to want one.
package struct ProviderRate: Hashable, Sendable {
    private let most: Int
    private let reserved: Int
    /// When messages went within the last second, in order.
    private var went: [Instant] = []
    private var codes: ProviderQueue
    private var others: ProviderQueue

    private static let second = Span.seconds(1)

    package init(perSecond most: Int) {
        self.most = max(1, most)
        self.reserved = OutboxRoom.reserved(of: self.most)
        self.codes = ProviderQueue(perSecond: self.most, reach: .seconds(5))
        self.others = ProviderQueue(perSecond: self.most - self.reserved, reach: .seconds(30))
    }

    package func room(at now: Instant) -> OutboxRoom {
        let free = self.most - self.recent(at: now).count
        return OutboxRoom(all: free, forOthers: self.codes.end(at: now) == nil ? free - self.reserved : 0)
    }

    /// When there is more room; nil when all of it is free.
    package func grows(at now: Instant) -> Instant? {
        [self.recent(at: now).first.map { $0 + Self.second }, self.codes.end(at: now)].compactMap { $0 }.min()
    }

    package mutating func turn(of urgency: MessageUrgency, at now: Instant) -> ProviderTurn {
        let recent = self.recent(at: now)
        if recent.count < self.went.count { self.went = Array(recent) }
        let room = self.room(at: now)
        guard (urgency == .now ? room.all : room.forOthers) == 0 else {
            self.went.append(now)
            return .now
        }
        switch urgency {
        case .now: return self.codes.turn(from: self.place(of: self.most, at: now), at: now)
        case .soon:
            let place = self.place(of: self.most - self.reserved, at: now)
            return self.others.turn(from: max(place, self.codes.end(at: now) ?? now), at: now)
        }
    }

    /// The last ones to whom it was said that they go have waited for the store meanwhile.
    package mutating func leave(_ count: Int, at now: Instant) {
        let late = self.went.suffix(count).count
        self.went.removeLast(late)
        self.went += Array(repeating: now, count: late)
    }

    /// When one of so many places is free.
    private func place(of count: Int, at now: Instant) -> Instant {
        self.went.count < count ? now : self.went[self.went.count - count] + Self.second
    }

    private func recent(at now: Instant) -> ArraySlice<Instant> {
        // A clock that was set back frees all places.
        guard let last = self.went.last, last <= now + Self.second else { return [] }
        return self.went.drop { $0 + Self.second <= now }
    }
}

/// When a message may be handed over.
package enum ProviderTurn: Hashable, Sendable {
    case now
    /// It should ask again then; with so many before it, it is likely to go at the time that is expected.
    case later(Instant, expected: Instant)
}
