package import Channels
package import Identifiers
package import SQL
internal import Synchronization
package import Time

/// Wakes whoever waits for a login, or a message, to move on. The database says so, for steps that another node served too; nobody polls.
package final class LoginWaiters: Sendable {
    private struct Waiting {
        var next: UInt64 = 0
        var streams: [String: [UInt64: AsyncStream<Void>.Continuation]] = [:]
    }

    private let waiting = Mutex(Waiting())
    private let listening = Mutex<SQLListenToken?>(nil)

    package init(driver: any SQLDriver) {
        let token = driver.listen { [weak self] notification in self?.wake(notification) }
        self.listening.withLock { $0 = token }
    }

    /// Begin before you look at the login, so that no change falls between.
    package func changes(of login: LoginID) -> LoginChanges { self.changes(of: [login.text]) }

    /// The same for a login and the messages that carry a code of it.
    package func changes(of login: LoginID, and code: ChallengeID) -> LoginChanges {
        self.changes(of: [login.text, code.text])
    }

    /// The same for a message, of those whose changes are told: tests.
    package func changes(of message: DeliveryID) -> LoginChanges { self.changes(of: [message.text]) }

    private func changes(of keys: [String]) -> LoginChanges {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = self.waiting.withLock { waiting in
            waiting.next += 1
            for key in keys { waiting.streams[key, default: [:]][waiting.next] = continuation }
            return waiting.next
        }
        continuation.onTermination = { [weak self] _ in
            for key in keys { self?.forget(key, number) }
        }
        return LoginChanges(stream: stream, end: { continuation.finish() })
    }

    private func wake(_ notification: SQLNotification) {
        let woken = self.waiting.withLock { waiting in
            switch notification {
            case .key(let key): Array((waiting.streams[key] ?? [:]).values)
            case .missed: waiting.streams.values.flatMap(\.values)
            }
        }
        for continuation in woken { continuation.yield() }
    }

    private func forget(_ key: String, _ number: UInt64) {
        self.waiting.withLock { waiting in
            waiting.streams[key]?[number] = nil
            if waiting.streams[key]?.isEmpty == true { waiting.streams[key] = nil }
        }
    }
}

/// The changes of one login, or of one message, since this was made.
package final class LoginChanges: Sendable {
    private let stream: AsyncStream<Void>
    private let end: @Sendable () -> Void

    init(stream: AsyncStream<Void>, end: @escaping @Sendable () -> Void) {
        self.stream = stream
        self.end = end
    }

    deinit { self.end() }

    /// Returns at the next change, or when the time is up.
    package func next(atMost time: Span) async {
        let stream = self.stream
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream { return } }
            group.addTask { try? await Task.sleep(for: .milliseconds(time.milliseconds)) }
            await group.next()
            group.cancelAll()
        }
    }
}
