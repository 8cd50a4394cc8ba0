// Keys are heard after a commit, and only then.

import PostgresDriver
import SQL
import SQLiteDriver
import TestSupport
import Testing

@Suite("Notifications")
struct NotificationTests {
    struct Mistake: Error {}

    @Test("After the commit, not after a rollback, in order", arguments: Database.allCases)
    func afterCommit(database: Database) async throws {
        try await database.open { driver in
            let heard = Heard(driver)
            await #expect(throws: Mistake.self) {
                try await driver.write { connection in
                    connection.notify("rolled back")
                    throw Mistake()
                }
            }
            try await driver.write { connection in
                try connection.enqueue("INSERT INTO item (id) VALUES (1)")
                connection.notify("one")
                connection.notify("two")
            }
            try await driver.write { $0.notify("end") }
            #expect(await heard.keys(upTo: "end") == ["one", "two", "end"])
        }
    }

    @Test("A failed commit wakes nobody", arguments: Database.allCases)
    func failedCommit(database: Database) async throws {
        try await database.open { driver in
            let heard = Heard(driver)
            await #expect(throws: SQLError.self) {
                try await driver.write { connection in
                    connection.notify("failed")
                    try connection.enqueue("INSERT INTO item (id, count) VALUES (1, -1)")
                }
            }
            try await driver.write { $0.notify("end") }
            #expect(await heard.keys(upTo: "end") == ["end"])
        }
    }

    @Test("A cancelled token hears no more", arguments: Database.allCases)
    func cancelled(database: Database) async throws {
        try await database.open { driver in
            let (first, second) = (Heard(driver), Heard(driver))
            try await driver.write { $0.notify("one") }
            #expect(await first.keys(upTo: "one") == ["one"])
            first.cancel()
            try await driver.write { $0.notify("two") }
            #expect(await second.keys(upTo: "two") == ["one", "two"])
            #expect(await first.rest() == [])
        }
    }

    @Test("Another node hears each key once, and the own node not twice")
    func otherNode() async throws {
        let connection = try PostgresCluster.shared().makeDatabase()
        let (one, other) = (try PostgresDriver(connection: connection), try PostgresDriver(connection: connection))
        try await closing(one) {
            try await closing(other) {
                let (here, there) = (Heard(one), Heard(other))
                await here.connected()
                await there.connected()
                let keys = (1...1500).map { "key-\($0)" }  // more than one payload
                try await one.write { connection in for key in keys { connection.notify(key) } }
                try await one.write { $0.notify("end") }
                #expect(await there.keys(upTo: "end") == keys + ["end"])
                try await other.write { $0.notify("back") }
                #expect(await here.keys(upTo: "back") == keys + ["end", "back"])
            }
        }
    }
}

/// What a driver's listener has heard, as a sequence that tests can wait on.
final class Heard {
    private var iterator: AsyncStream<SQLNotification>.Iterator
    private let token: SQLListenToken
    private let stream: AsyncStream<SQLNotification>.Continuation

    init(_ driver: any SQLDriver) {
        let (heard, stream) = AsyncStream.makeStream(of: SQLNotification.self)
        self.iterator = heard.makeAsyncIterator()
        self.stream = stream
        self.token = driver.listen { stream.yield($0) }
    }

    /// Returns when the driver says that it listens, or listens again.
    func connected() async { while let next = await self.iterator.next(), next != .missed {} }

    func keys(upTo last: String) async -> [String] {
        var keys: [String] = []
        while keys.last != last, let next = await self.iterator.next() {
            if case .key(let key) = next { keys.append(key) }
        }
        return keys
    }

    func cancel() { self.token.cancel() }

    func rest() async -> [SQLNotification] {
        self.stream.finish()
        var rest: [SQLNotification] = []
        while let next = await self.iterator.next() { if next != .missed { rest.append(next) } }
        return rest
    }
}
