// What the server stands on, without the server: commits of the store, and password hashes.

import Dispatch
import Foundation
import PasswordHashing
import PostgresDriver
import SQL
import SQLiteDriver
import Synchronization

/// One-row durable updates through the driver that the server uses, from many tasks at once.
struct RawCommits: Sendable {
    private static let rows: Int64 = 2000
    static let tasks = 64

    private let driver: any SQLDriver

    init(sqlite path: String) throws { self.driver = try SQLiteDriver(path: path) }
    init(postgres url: String) throws { self.driver = try PostgresDriver(connection: url) }

    func prepare() async throws {
        try await self.driver.write { connection in
            _ = try connection.execute("CREATE TABLE bench_row (id BIGINT PRIMARY KEY, number BIGINT NOT NULL)")
            for id in 0..<Self.rows {
                try connection.enqueue("INSERT INTO bench_row (id, number) VALUES (\(id), 0)")
            }
        }
    }

    func close() async { await self.driver.close() }

    func perSecond(for time: Duration) async throws -> Double {
        let start = ContinuousClock.now
        let deadline = start + time
        let commits = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<Self.tasks {
                group.addTask { try await self.commit(from: Int64(task), until: deadline) }
            }
            return try await group.reduce(0, +)
        }
        return Double(commits) / (start.duration(to: .now) / .seconds(1))
    }

    private func commit(from task: Int64, until deadline: ContinuousClock.Instant) async throws -> Int {
        var (count, id) = (0, task)
        while ContinuousClock.now < deadline {
            id = (id + Int64(Self.tasks)) % Self.rows
            let row = id
            _ = try await self.driver.write { connection in
                try connection.execute("UPDATE bench_row SET number = number + 1 WHERE id = \(row)")
            }
            count += 1
        }
        return count
    }
}

/// Password checks on as many threads as the server has for them.
struct RawHashes: Sendable {
    let threads: Int
    private let hash: PasswordHash

    init() throws {
        self.threads = max(1, ProcessInfo.processInfo.activeProcessorCount)
        self.hash = try PasswordHash(of: "correct-horse", salt: [UInt8](repeating: 7, count: 16), cost: .standard)
    }

    func perSecond(for time: Duration) async throws -> Double {
        let start = ContinuousClock.now
        let counted = Mutex(0)
        await withCheckedContinuation { done in
            DispatchQueue.global().async {
                DispatchQueue.concurrentPerform(iterations: self.threads) { _ in
                    while start.duration(to: .now) < time, (try? self.hash.matches("correct-horse")) == true {
                        counted.withLock { $0 += 1 }
                    }
                }
                done.resume()
            }
        }
        return Double(counted.withLock { $0 }) / (start.duration(to: .now) / .seconds(1))
    }
}
