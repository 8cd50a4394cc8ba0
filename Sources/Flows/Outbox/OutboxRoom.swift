internal import Outbox
internal import Storage
internal import Time

/// How many messages a worker can begin now.
package struct OutboxRoom: Hashable, Sendable {
    package let all: Int
    /// For those that nobody waits for: fewer, so that they never take the last place.
    package let forOthers: Int

    package init(all: Int, forOthers: Int) {
        self.all = max(0, all)
        self.forOthers = max(0, min(forOthers, all))
    }

    package init(_ count: Int) { self.init(all: count, forOthers: count) }

    /// How many of so many places are for what somebody waits for: a quarter, and one at least where there are two.
    package static func reserved(of count: Int) -> Int { count > 1 ? max(1, count / 4) : 0 }

    /// What there is in both.
    package func limited(to other: OutboxRoom) -> OutboxRoom {
        OutboxRoom(all: min(self.all, other.all), forOthers: min(self.forOthers, other.forOthers))
    }
}

extension StoreTransaction {
    func nextDue(by channel: MessageChannel, into room: OutboxRoom) throws -> Instant? {
        var times = [try self.outbox.nextDue(by: channel, .now)]
        if room.forOthers > 0 { times.append(try self.outbox.nextDue(by: channel, .soon)) }
        return times.compactMap { $0 }.min()
    }
}
