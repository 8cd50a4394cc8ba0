// What only a server can get wrong.

import Foundation
import SQL
import TestSupport
import Testing

@testable import PostgresDriver

@Suite("PostgreSQL")
struct PostgresTests {
    private func open<Value>(
        connections: Int = 4, patience: Duration = .seconds(5), _ body: (PostgresDriver, String) async throws -> Value
    ) async throws -> Value {
        let connection = try PostgresCluster.shared().makeDatabase()
        let driver = try PostgresDriver(connection: connection, connections: connections, patience: patience)
        return try await closing(driver) {
            try await driver.makeItemTable()
            return try await body(driver, connection)
        }
    }

    @Test("A deadlock is a conflict, and run again")
    func deadlock() async throws {
        try await self.open { driver, _ in
            for id in 1...2 { try await driver.insert(id) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1], [1, 2], [2, 1]] {
                    group.addTask {
                        try await driver.write { connection in
                            for id in order {
                                _ = try connection.execute("UPDATE item SET count = count + 1 WHERE id = \(id)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await driver.count(of: 1) == 4)
            #expect(try await driver.count(of: 2) == 4)
        }
    }

    @Test("An enqueued statement that fails is told by the commit, and the connection works on")
    func enqueuedFailure() async throws {
        try await self.open(connections: 1) { driver, _ in
            for _ in 1...3 {
                await #expect(throws: SQLError.constraint("item_count_check")) {
                    try await driver.write { connection in
                        try connection.enqueue("INSERT INTO item (id, count) VALUES (1, -1)")
                        try connection.enqueue("INSERT INTO item (id, count) VALUES (2, 1)")
                    }
                }
                await #expect(throws: CancellationError.self) {
                    try await driver.write { connection in
                        try connection.enqueue("INSERT INTO item (id, count) VALUES (1, -1)")
                        throw CancellationError()
                    }
                }
            }
            // The server skipped the preparation of the second one each time, so it is prepared now.
            try await driver.write { try $0.enqueue("INSERT INTO item (id, count) VALUES (2, 1)") }
            #expect(try await driver.names().count == 1)
        }
    }

    @Test("A row lock and three enqueued writes cost two round trips")
    func roundTrips() async throws {
        try await self.open { driver, string in
            try await driver.insert(1)
            let connection = try PostgresConnection(PostgresSettings(connection: string))
            for trips in [2, 4] {  // prepared the first time, known the second
                let transaction = PostgresTransaction(on: connection, access: .write)
                _ = try transaction.query("SELECT count FROM item WHERE id = \(1)\(.rowLock)")
                for id in 1...3 { try transaction.enqueue("UPDATE item SET count = count + 1 WHERE id = \(id)") }
                try transaction.commit()
                #expect(connection.roundTrips == trips)
                #expect(!connection.isInTransaction && !connection.hasUnread)
            }
            #expect(try await driver.count(of: 1) == 2)
        }
    }

    @Test("Waiting for a connection is bounded")
    func patience() async throws {
        try await self.open(connections: 1, patience: .milliseconds(100)) { driver, _ in
            let (hasBegun, begun) = AsyncStream.makeStream(of: Void.self)
            let gate = Gate()
            async let holder: Void = driver.write { _ in
                begun.finish()
                gate.wait()
            }
            for await _ in hasBegun {}
            await #expect(throws: SQLError.unavailable("every connection to PostgreSQL is busy")) {
                try await driver.check()
            }
            gate.open()
            try await holder
            try await driver.check()
        }
    }

    @Test("A session that the server ended while it lay idle is replaced unnoticed")
    func endedSessions() async throws {
        try await self.open(connections: 3) { driver, connection in
            try await driver.insert(1)
            let other = try PostgresDriver(connection: connection, connections: 1)
            try await closing(other) {
                try await other.write { connection in
                    _ = try connection.query(
                        """
                        SELECT COUNT(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """)
                }
            }
            for id in 2...7 { try await driver.insert(id) }
            #expect(try await driver.names().count == 7)
        }
    }

    @Test("A session that ends in the middle: the body runs again on another, before COMMIT only")
    func endedInTheMiddle() async throws {
        try await self.open(connections: 1) { driver, _ in
            try await driver.insert(1)
            let runs = Runs()
            try await driver.write { connection in
                try connection.enqueue("UPDATE item SET count = count + 1 WHERE id = 1")
                if runs.next() == 1 { _ = try connection.query("SELECT pg_terminate_backend(pg_backend_pid())::int") }
            }
            #expect(runs.count == 2)
            #expect(try await driver.count(of: 1) == 1)
            let error = await #expect(throws: SQLError.self) {
                try await driver.write { connection in
                    try connection.enqueue("UPDATE item SET count = count + 1 WHERE id = 1")
                    try connection.enqueue("SELECT pg_terminate_backend(pg_backend_pid())::int")
                }
            }
            guard case .unavailable(let reason) = error else { return #expect(error == .unavailable("")) }
            #expect(reason.hasPrefix("outcome unknown: "))
        }
    }

    @Test("While the server is away every call says so; when it is back, they work, and listeners are told")
    func serverAway() async throws {
        let cluster = try PostgresCluster()
        let driver = try PostgresDriver(connection: cluster.makeDatabase(), connections: 3)
        try await closing(driver) {
            let heard = Heard(driver)
            await heard.connected()
            try await driver.makeItemTable()
            for (round, stop) in [cluster.stop, cluster.kill9].enumerated() {
                stop()
                let error = await #expect(throws: SQLError.self) { try await driver.insert(10 + round) }
                guard case .unavailable = error else { return #expect(error == .unavailable("")) }
                await #expect(throws: SQLError.self) { try await driver.check() }
                try cluster.start()
                await heard.connected()  // the listener is back, so the server is
                while (try? await driver.check()) == nil { await Task.yield() }
                try await driver.insert(round)
            }
            #expect(try await driver.names().count == 2)
        }
    }

    @Test("A connection string that cannot be read is refused without repeating it")
    func badConnectionString() {
        #expect(throws: SQLError.unavailable("the connection string of PostgreSQL cannot be read")) {
            try PostgresDriver(connection: "postgres//cs:canary@localhost/db")
        }
    }

    @Test("Nobody there: refused at once, with the reason")
    func nobodyThere() async throws {
        let folder = try TemporaryFolder()
        let driver = try PostgresDriver(connection: "host=\(folder.path) user=cs dbname=none", connections: 1)
        try await closing(driver) {
            let error = await #expect(throws: SQLError.self) { try await driver.check() }
            guard case .unavailable(let reason) = error else { return #expect(error == .unavailable("")) }
            #expect(reason.contains(folder.path))
        }
    }

    @Test(
        "SQLSTATE",
        arguments: [
            ("40001", .conflict), ("40P01", .conflict), ("55P03", .conflict), ("23505", .uniqueViolation("c")),
            ("23503", .constraint("c")), ("25006", .readOnly("m")), ("53100", .full("m")), ("53300", .unavailable("m")),
            ("57P01", .unavailable("m")), ("08006", .unavailable("m")), ("57014", .unavailable("m")),
            ("28P01", .unavailable("m")), ("", .unavailable("m")), ("42601", .statement(code: "42601", message: "m")),
            ("22P02", .statement(code: "22P02", message: "PostgreSQL refused a value")),
            ("P0001", .statement(code: "P0001", message: "PostgreSQL refused a value")),
        ] as [(String, SQLError)])
    func sqlStates(state: String, error: SQLError) {
        #expect(SQLError(sqlState: state, message: "m", constraint: "c") == error)
    }

    @Test("Payloads keep below PostgreSQL's limit, and lose no key that fits")
    func payloads() {
        let keys = (1...3000).map { "key-\($0)" }
        let payloads = PostgresPayload.packing(keys + [String(repeating: "x", count: 9000), "a\nb"], node: "n")
        #expect(payloads.allSatisfy { $0.text.utf8.count < 8000 })
        #expect(payloads.flatMap(\.keys) == keys)
        #expect(payloads.map(\.text).map(PostgresPayload.init(parsing:)) == payloads)
        #expect(PostgresPayload(parsing: "") == nil)
    }
}
