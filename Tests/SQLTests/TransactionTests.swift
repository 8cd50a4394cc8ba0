// What a transaction promises, on both databases.

import SQL
import Testing

@Suite("Transactions, on both databases")
struct TransactionTests {
    struct Mistake: Error {}

    @Test("Of 50 conditional updates at once exactly one counts", arguments: Database.allCases)
    func singleUse(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1)
            let changes = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...50 {
                    group.addTask {
                        try await driver.write { connection in
                            try connection.execute("UPDATE item SET count = 1 WHERE id = 1 AND count = \(0)")
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(changes.count == 50)
            #expect(changes.reduce(0, +) == 1)
        }
    }

    @Test("The row lock makes readers-then-writers of one row wait for each other", arguments: Database.allCases)
    func rowLock(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...40 {
                    group.addTask {
                        try await driver.write { connection in
                            let row = try connection.query("SELECT count FROM item WHERE id = 1\(.rowLock)")[0]
                            try connection.enqueue("UPDATE item SET count = \(row.integer("count") + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await driver.count(of: 1) == 40)  // one lost update would make it less
        }
    }

    @Test("A throw rolls back; the others that commit beside it stay", arguments: Database.allCases)
    func rollBack(database: Database) async throws {
        try await database.open { driver in
            let failures = await withTaskGroup(of: Bool.self) { group in
                for id in 1...60 {
                    group.addTask {
                        do {
                            try await driver.write { connection in
                                try connection.enqueue("INSERT INTO item (id) VALUES (\(id))")
                                if id % 3 == 0 { throw Mistake() }
                            }
                            return false
                        } catch { return error is Mistake }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let ids = try await driver.read { connection in
                try connection.query("SELECT id FROM item").map { try $0.integer("id") }
            }
            #expect(failures == 20)
            #expect(Set(ids) == Set((1...60).filter { $0 % 3 != 0 }.map(Int64.init)))
        }
    }

    @Test("A broken uniqueness is told by name and spoils only its own transaction", arguments: Database.allCases)
    func uniqueViolation(database: Database) async throws {
        let name = database == .sqlite ? "item.name" : "item_name_key"
        try await database.open { driver in
            try await driver.insert(1, name: "same")
            await #expect(throws: SQLError.uniqueViolation(name)) { try await driver.insert(2, name: "same") }
            let atTheNextRoundTrip = await #expect(throws: SQLError.self) {
                try await driver.write { connection in
                    try connection.enqueue("INSERT INTO item (id, name) VALUES (3, \("same"))")
                    _ = try connection.query("SELECT 1 AS one")
                    Issue.record("went on after a failure")
                }
            }
            #expect(atTheNextRoundTrip == .uniqueViolation(name))
            try await driver.insert(2, name: "other")
            #expect(try await driver.names() == ["same", "other"])
        }
    }

    @Test("After a failure the transaction is over, even if the body goes on", arguments: Database.allCases)
    func swallowedFailure(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1)
            let error = await #expect(throws: SQLError.self) {
                try await driver.write { connection in
                    try connection.enqueue("INSERT INTO item (id, name) VALUES (2, \("lost"))")
                    _ = try? connection.execute("UPDATE item SET count = -1 WHERE id = 1")
                    _ = try? connection.execute("INSERT INTO item (id) VALUES (3)")
                }
            }
            guard case .constraint = error else { return #expect(error == .constraint("item_count_check")) }
            #expect(try await driver.names() == [nil])
        }
    }

    @Test("A rule that is checked at the commit spoils only its own transaction", arguments: Database.allCases)
    func deferredConstraint(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1)
            try await driver.write { connection in
                try connection.enqueue(
                    "CREATE TABLE child (id BIGINT, item BIGINT REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)")
            }
            let failures = await withTaskGroup(of: Int.self) { group in
                for id in 1...40 {
                    group.addTask {
                        do {
                            try await driver.write { connection in
                                let item = id % 4 == 0 ? 99 : 1
                                try connection.enqueue("INSERT INTO child (id, item) VALUES (\(id), \(item))")
                            }
                            return 0
                        } catch SQLError.constraint { return 1 } catch { return 100 }
                    }
                }
                return await group.reduce(0, +)
            }
            let stored = try await driver.read { try $0.query("SELECT COUNT(*) AS n FROM child")[0].integer("n") }
            #expect(failures == 10)
            #expect(stored == 30)
        }
    }

    @Test("A conflict runs the body again", arguments: Database.allCases)
    func conflict(database: Database) async throws {
        try await database.open { driver in
            let runs = Runs()
            try await driver.write { connection in
                let run = runs.next()
                try connection.enqueue("INSERT INTO item (id) VALUES (\(run))")
                if run < 3 { throw SQLError.conflict }
            }
            #expect(runs.count == 3)
            #expect(try await driver.count(of: 3) == 0)
            #expect(try await driver.names().count == 1)
        }
    }

    @Test("A conflict that stays is given up", arguments: Database.allCases)
    func lastingConflict(database: Database) async throws {
        try await database.open(retry: ConflictRetry(tries: 4, longestPause: .milliseconds(1))) { driver in
            let runs = Runs()
            await #expect(throws: SQLError.conflict) {
                try await driver.write { _ in
                    _ = runs.next()
                    throw SQLError.conflict
                }
            }
            #expect(runs.count == 4)
        }
    }

    @Test("A write that must change one row undoes everything if it changes none or two", arguments: Database.allCases)
    func exactlyOne(database: Database) async throws {
        try await database.open(retry: ConflictRetry(tries: 3, longestPause: .milliseconds(1))) { driver in
            for id in 1...3 { try await driver.insert(id) }
            let runs = Runs()
            for range in [4...9, 1...2] {
                await #expect(throws: SQLError.conflict) {
                    try await driver.write { connection in
                        _ = runs.next()
                        try connection.enqueue("UPDATE item SET count = 7 WHERE id = 3")
                        try connection.enqueueOne(
                            "UPDATE item SET count = 7 WHERE id >= \(range.lowerBound) AND id <= \(range.upperBound)")
                    }
                }
            }
            #expect(runs.count == 6, "each runs three times")
            try await driver.write { connection in
                try connection.enqueueOne("UPDATE item SET count = count + 1 WHERE id = 1")
                try connection.enqueueOne("UPDATE item SET count = count + 1 WHERE id = 2 AND count = 0")
            }
            let counts = try await [driver.count(of: 1), driver.count(of: 2), driver.count(of: 3)]
            #expect(counts == [1, 1, 0])
        }
    }

    @Test("A read writes nothing", arguments: Database.allCases)
    func readOnly(database: Database) async throws {
        try await database.open { driver in
            let error = await #expect(throws: SQLError.self) {
                try await driver.read { _ = try $0.execute("INSERT INTO item (id) VALUES (1)") }
            }
            guard case .readOnly = error else { return #expect(error == .readOnly("")) }
            await #expect(throws: SQLError.self) {
                try await driver.read { try $0.enqueue("INSERT INTO item (id) VALUES (1)") }
            }
            let names = try await driver.names()
            #expect(names.isEmpty)
        }
    }

    @Test("A read sees one snapshot", arguments: Database.allCases)
    func snapshot(database: Database) async throws {
        try await database.open { driver in
            try await driver.insert(1)
            let (isReading, begun) = AsyncStream.makeStream(of: Void.self)
            let hasWritten = Gate()
            async let counts = driver.read { connection in
                let before = try connection.query("SELECT COUNT(*) AS n FROM item")[0].integer("n")
                begun.finish()
                hasWritten.wait()
                return [before, try connection.query("SELECT COUNT(*) AS n FROM item")[0].integer("n")]
            }
            for await _ in isReading {}
            try await driver.insert(2)
            hasWritten.open()
            #expect(try await counts == [1, 1])
            #expect(try await driver.names().count == 2)
        }
    }

    @Test("Rows changed are counted, RETURNING gives rows", arguments: Database.allCases)
    func changes(database: Database) async throws {
        try await database.open { driver in
            for id in 1...3 { try await driver.insert(id) }
            let (changed, deleted, left, created) = try await driver.write { connection in
                let changed = try connection.execute("UPDATE item SET count = count + 1 WHERE id > \(1)")
                let deleted = try connection.query("DELETE FROM item WHERE id = \(2) RETURNING id, count")
                let left = try connection.execute("DELETE FROM item WHERE id = \(2)")
                #expect(try connection.execute("SELECT id FROM item") == 0)
                return (changed, deleted, left, try connection.execute("CREATE TABLE other (id BIGINT)"))
            }
            #expect(changed == 2)
            #expect(deleted == [SQLRow(columns: ["id", "count"], values: [.integer(2), .integer(1)])])
            #expect(left == 0)
            #expect(created == 0)
        }
    }

    @Test("A connection kept beyond its closure is dead", arguments: Database.allCases)
    func keptConnection(database: Database) async throws {
        struct Kept: @unchecked Sendable { let connection: any SQLConnection }
        try await database.open { driver in
            let kept = try await driver.write { Kept(connection: $0) }
            #expect(throws: SQLError.closed) { try kept.connection.query("SELECT 1 AS one") }
        }
    }

    @Test("A closed driver says so; closing lets what has begun finish", arguments: Database.allCases)
    func closed(database: Database) async throws {
        try await database.open { driver in
            let (hasBegun, begun) = AsyncStream.makeStream(of: Void.self)
            async let last: Void = driver.write { connection in
                begun.finish()
                try connection.enqueue("INSERT INTO item (id) VALUES (1)")
            }
            for await _ in hasBegun {}
            await driver.close()
            try await last
            await #expect(throws: SQLError.closed) { try await driver.insert(2) }
            await #expect(throws: SQLError.closed) { try await driver.check() }
        }
    }
}
