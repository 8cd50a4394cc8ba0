// What listeners hear, and the list of them that both drivers keep.

import Dispatch
import Synchronization

/// What a listener is told.
package enum SQLNotification: Sendable, Hashable {
    /// Somebody committed a transaction that notified this key.
    case key(String)
    /// Keys may have gone by unheard, because the listening connection has only now come up, or come back: ask for
    /// everything once.
    case missed
}

/// Ends the listening when it is cancelled or let go.
package final class SQLListenToken: Sendable {
    private let end: @Sendable () -> Void

    package init(end: @escaping @Sendable () -> Void) { self.end = end }

    deinit { self.end() }

    /// No new call to the handler begins after this; one that runs may still be finishing. May be called twice.
    package func cancel() { self.end() }
}

/// The listeners of one driver in this process. Handlers run one at a time on a queue of their own.
package final class SQLListeners: Sendable {
    package typealias Handler = @Sendable (SQLNotification) -> Void

    private struct State {
        var handlers: [Int: Handler] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "countersign.sql.listeners")

    package init() {}

    package func add(_ handler: @escaping Handler) -> SQLListenToken {
        let number = self.state.withLock { state in
            state.next += 1
            state.handlers[state.next] = handler
            return state.next
        }
        return SQLListenToken { [weak self] in self?.remove(number) }
    }

    /// Tells every listener, soon and in this order.
    package func deliver(_ notifications: [SQLNotification]) {
        guard !notifications.isEmpty, self.state.withLock({ !$0.handlers.isEmpty }) else { return }
        self.queue.async { for notification in notifications { self.call(notification) } }
    }

    private func call(_ notification: SQLNotification) {
        for number in self.state.withLock({ $0.handlers.keys.sorted() }) {
            self.state.withLock { $0.handlers[number] }?(notification)  // one may have ended another meanwhile
        }
    }

    private func remove(_ number: Int) {
        let gone = self.state.withLock { $0.handlers.removeValue(forKey: number) }
        _ = gone  // let go outside the lock: what the handler holds may itself end a token
    }
}
