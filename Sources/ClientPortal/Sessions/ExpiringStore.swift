// Values that the portal remembers for a while, in memory: a demonstration forgets them when it stops.

import Foundation
import Synchronization

/// Values by the hash of a secret, all with one lifetime, never more than `limit`: the oldest goes first.
final class ExpiringStore<Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let expires: Double
    }

    private struct State {
        var entries: [Data: Entry] = [:]
        /// Keys in the order of arrival, which is the order of expiry.
        var order: [Data] = []

        mutating func drop(_ count: Int) {
            for key in self.order.prefix(count) { self.entries[key] = nil }
            self.order.removeFirst(count)
        }
    }

    private let limit: Int
    private let lifetime: Double
    private let state = Mutex(State())

    /// - Parameter lifetime: seconds.
    init(limit: Int, lifetime: Double) {
        self.limit = limit
        self.lifetime = lifetime
    }

    func insert(_ value: Value, for secret: String, at now: Double) {
        let key = Secret.hash(secret)
        self.state.withLock { state in
            let gone = state.order.prefix { state.entries[$0].map { $0.expires <= now } ?? true }
            state.drop(gone.count)
            if state.order.count >= self.limit { state.drop(state.order.count - self.limit + 1) }
            if state.entries.updateValue(Entry(value: value, expires: now + self.lifetime), forKey: key) == nil {
                state.order.append(key)
            }
        }
    }

    func value(for secret: String, at now: Double) -> Value? {
        let entry = self.state.withLock { $0.entries[Secret.hash(secret)] }
        return entry.flatMap { $0.expires > now ? $0.value : nil }
    }

    /// Takes the value out if it is there and `isOurs`; of two that ask at once, one gets it.
    func take(_ secret: String, at now: Double, where isOurs: (Value) -> Bool = { _ in true }) -> Value? {
        let key = Secret.hash(secret)
        return self.state.withLock { state in
            guard let entry = state.entries[key], entry.expires > now, isOurs(entry.value) else { return nil }
            state.entries[key] = nil
            return entry.value
        }
    }

    var count: Int { self.state.withLock { $0.entries.count } }
}
