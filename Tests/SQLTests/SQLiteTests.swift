// What only a database in a file can get wrong.

import Foundation
import SQL
import TestSupport
import Testing

@testable import SQLiteDriver

@Suite("SQLite")
struct SQLiteTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("store.sqlite")
    }

    private func open<Value>(_ body: (SQLiteDriver) async throws -> Value) async throws -> Value {
        let driver = try SQLiteDriver(path: self.path, retry: ConflictRetry(tries: 2, longestPause: .milliseconds(1)))
        return try await closing(driver) { try await body(driver) }
    }

    @Test("Commits wait for the disk, foreign keys hold, readers have their own log")
    func settings() async throws {
        try await self.open { driver in
            let settings = try await driver.write { connection in
                try ["synchronous", "foreign_keys", "journal_mode"].map { pragma in
                    switch pragma {
                    case "synchronous": try connection.query("PRAGMA synchronous")[0].values
                    case "foreign_keys": try connection.query("PRAGMA foreign_keys")[0].values
                    default: try connection.query("PRAGMA journal_mode")[0].values
                    }
                }
            }
            #expect(settings == [[.integer(2)], [.integer(1)], [.text("wal")]])
        }
    }

    @Test("Every file is for its owner alone, whatever the umask")
    func fileMode() async throws {
        let previous = umask(0)
        defer { umask(previous) }
        try await self.open { driver in
            try await driver.makeItemTable()
            let names = try FileManager.default.contentsOfDirectory(atPath: self.folder.path).sorted()
            #expect(names == ["store.sqlite", "store.sqlite-shm", "store.sqlite-wal"])
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(atPath: self.folder.file(name))
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test("What was committed is there after opening again")
    func reopen() async throws {
        try await self.open { driver in
            try await driver.makeItemTable()
            try await driver.insert(1, name: "kept")
        }
        let names = try await self.open { try await $0.names() }
        #expect(names == ["kept"])
    }

    @Test("A full disk is told; what was committed before stays, what comes after space is there works")
    func full() async throws {
        try await self.open { driver in
            try await driver.makeItemTable()
            try await driver.insert(0, name: "before")
            try await driver.write { _ = try $0.query("PRAGMA max_page_count = 1") }  // SQLite keeps what is there
            let outcomes = await self.insertBlobs(1...40, into: driver)
            #expect(outcomes.allSatisfy { if case .full = $0.value { true } else { false } })
            try await driver.write { _ = try $0.query("PRAGMA max_page_count = 100000") }
            #expect(try await driver.names() == ["before"])
            try await driver.insert(1, name: "after")
        }
    }

    @Test("Of a group on a disk that becomes full, exactly those that were told so are there")
    func fullInTheMiddle() async throws {
        try await self.open { driver in
            try await driver.makeItemTable()
            try await driver.write { _ = try $0.query("PRAGMA max_page_count = 60") }
            let outcomes = await self.insertBlobs(1...100, into: driver)
            try await driver.write { _ = try $0.query("PRAGMA max_page_count = 100000") }
            let stored = try await driver.read { connection in
                try connection.query("SELECT id FROM item").map { Int(try $0.integer("id")) }
            }
            #expect(Set(stored) == Set(outcomes.filter { $0.value == nil }.keys))
            #expect(!stored.isEmpty && stored.count < 100)
        }
    }

    /// Each in a transaction of its own, all at once: nil for those that were committed.
    private func insertBlobs(_ ids: ClosedRange<Int>, into driver: SQLiteDriver) async -> [Int: SQLError?] {
        await withTaskGroup(of: (Int, SQLError?).self) { group in
            for id in ids {
                group.addTask {
                    do {
                        try await driver.write { connection in
                            let bytes = [UInt8](repeating: 1, count: 9_000)
                            try connection.enqueue("INSERT INTO item (id, secret) VALUES (\(id), \(bytes))")
                        }
                        return (id, nil)
                    } catch { return (id, error as? SQLError ?? .closed) }
                }
            }
            return await group.reduce(into: [:]) { $0.updateValue($1.1, forKey: $1.0) }
        }
    }

    @Test("One that loses the whole transaction does not take others with it, nor their success")
    func lostTransaction() async throws {
        try await self.open { driver in
            try await driver.makeItemTable()
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for id in 1...60 {
                    group.addTask {
                        let result: Void? = try? await driver.write { connection in
                            try connection.enqueue("INSERT INTO item (id) VALUES (\(id))")
                            // As SQLite does by itself when the disk fails: everything in the group is undone.
                            if id % 7 == 0 { try connection.enqueue("ROLLBACK") }
                        }
                        return (id, result != nil)
                    }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            let stored = try await driver.read { connection in
                try connection.query("SELECT id FROM item").map { Int(try $0.integer("id")) }
            }
            #expect(Set(stored) == Set(outcomes.filter(\.value).keys))
            #expect(Set(stored) == Set((1...60).filter { $0 % 7 != 0 }))
        }
    }

    @Test("Two openers of one file take turns")
    func twoOpeners() async throws {
        try await self.open { one in
            try await one.makeItemTable()
            try await one.insert(1)
            try await self.open { other in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...40 {
                        group.addTask {
                            try await (number % 2 == 0 ? one : other).write { connection in
                                let count = try connection.query("SELECT count FROM item WHERE id = 1")[0]
                                try connection.enqueue("UPDATE item SET count = \(count.integer("count") + 1)")
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await one.count(of: 1) == 40)
            }
        }
    }

    @Test("A file that is no database, a folder that is not there, a path that is a folder")
    func notUsable() throws {
        try Data(repeating: 7, count: 5000).write(to: URL(fileURLWithPath: self.path))
        let garbage = #expect(throws: SQLError.self) { try SQLiteDriver(path: self.path) }
        guard case .notADatabase(let reason) = garbage else { return #expect(garbage == .notADatabase("")) }
        #expect(reason.contains(self.path))
        let missing = self.folder.file("missing/store.sqlite")
        #expect(throws: SQLError.unavailable("\(missing): No such file or directory; its folder must exist")) {
            try SQLiteDriver(path: missing)
        }
        #expect(throws: SQLError.unavailable("\(self.folder.path): Is a directory")) {
            try SQLiteDriver(path: self.folder.path)
        }
    }

    @Test("A file that may only be read is refused when it is opened")
    func readOnlyFile() async throws {
        try await self.open { try await $0.makeItemTable() }
        chmod(self.folder.path, 0o755)
        chmod(self.path, 0o444)
        let path = self.path
        // The superuser may write to every file. For files, one thread can be somebody else.
        typealias SetUser = @convention(c) (uid_t) -> CInt
        let setUser = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetUser.self)
        let error: SQLError? = await withCheckedContinuation { caller in
            Thread {
                _ = setUser(geteuid() == 0 ? 65_534 : geteuid())
                do throws(SQLError) {
                    _ = try SQLiteDriver(path: path)
                    caller.resume(returning: nil)
                } catch { caller.resume(returning: error) }
            }.start()
        }
        #expect(error == .readOnly("\(path): Permission denied"))
    }

    @Test(
        "Result codes",
        arguments: [
            (5, .conflict), (6, .conflict), (517, .conflict), (13, .full("f: m")), (8, .readOnly("f: m")),
            (1032, .readOnly("f: m")), (14, .unavailable("f: m")), (10, .unavailable("f: m")),
            (778, .unavailable("f: m")),
            (11, .notADatabase("f: m")), (26, .notADatabase("f: m")), (2067, .uniqueViolation("m")),
            (1555, .uniqueViolation("m")), (275, .constraint("m")), (787, .constraint("m")),
            (21, .statement(code: "21", message: "m")),
        ] as [(Int32, SQLError)])
    func codes(code: Int32, error: SQLError) {
        #expect(SQLError(sqlite: code, message: "m", path: "f") == error)
    }
}
