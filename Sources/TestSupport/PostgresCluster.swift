// A PostgreSQL server of the tests' own.

import Foundation
import Synchronization

/// Why the private server could not be used, with what it printed.
package struct PostgresClusterError: Error, CustomStringConvertible {
    package let description: String
}

/// A server in a temporary folder, reachable over a socket in it and not over any network. It ends with this process,
/// however that ends.
package final class PostgresCluster: Sendable {
    /// One for all tests that do not stop it.
    package static func shared() throws -> PostgresCluster { try Self.sharedResult.get() }

    private static let sharedResult = Result { try PostgresCluster() }

    private let folder: TemporaryFolder
    private let programs: String
    private let settings: [String]
    private let server = Mutex<PostgresServer?>(nil)

    /// Makes a cluster and starts it.
    ///
    /// - Parameter isDurable: whether it waits for the disk, for measurements; tests need not.
    package init(isDurable: Bool = false) throws {
        self.programs = try Self.newestPrograms()
        self.folder = try TemporaryFolder(in: URL(fileURLWithPath: "/tmp"))
        self.settings = ["fsync=\(isDurable ? "on" : "off")", "max_connections=500", "log_min_messages=warning"]
        if Self.isRoot { try Command.run(["chown", "nobody:nogroup", self.folder.path]) }
        let initdb = ["\(self.programs)/initdb", "-D", self.data, "-A", "trust", "-U", "cs", "--no-sync", "-E", "UTF8"]
        try Command.run(self.unprivileged(initdb))
        try self.start()
    }

    deinit { self.stop() }

    /// A new, empty database; the answer is its connection string.
    package func makeDatabase() throws -> String {
        let name = "t" + String(UInt64.random(in: .min ... .max), radix: 36)
        try Command.run([
            "\(self.programs)/psql", "-X", "-q", "-h", self.folder.path, "-U", "cs", "-d", "postgres",
            "-c", "CREATE DATABASE \(name)",
        ])
        return self.connection(to: name)
    }

    package func connection(to database: String) -> String {
        "host=\(self.folder.path) user=cs dbname=\(database)"
    }

    /// Starts a server that was stopped, and returns when it answers.
    package func start() throws {
        let listen = ["-k", self.folder.path, "-h", ""] + self.settings.flatMap { ["-c", $0] }
        let command = self.unprivileged(["\(self.programs)/postgres", "-D", self.data] + listen)
        // After kill9 the old server's children may hold its memory for a moment, and a new one refuses to start.
        for _ in 1...50 {
            let server = try PostgresServer(command, log: self.folder.file("log"), folder: self.folder.path)
            while server.isRunning {
                if try Command(["\(self.programs)/pg_isready", "-q", "-h", self.folder.path]).status == 0 {
                    return self.server.withLock { $0 = server }
                }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        let log = try? String(contentsOfFile: self.folder.file("log"), encoding: .utf8)
        throw PostgresClusterError(description: log ?? "the server wrote no log")
    }

    /// Ends every session and stops ("fast" in PostgreSQL's words).
    package func stop() { self.signal(SIGINT) }

    /// As when the machine loses its power.
    package func kill9() { self.signal(SIGKILL) }

    package func restart() throws {
        self.stop()
        try self.start()
    }

    private func signal(_ signal: Int32) {
        self.server.withLock { server in
            server?.end(with: signal)
            server = nil
        }
    }

    private var data: String { self.folder.file("data") }

    private static var isRoot: Bool { geteuid() == 0 }

    /// PostgreSQL refuses to run as root.
    private func unprivileged(_ command: [String]) -> [String] {
        let environment = ["env", "-i", "HOME=\(self.folder.path)", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"]
        let nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        return (Self.isRoot ? nobody : []) + environment + command
    }

    /// Debian keeps each version's programs in a folder of its own.
    private static func newestPrograms() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap(Int.init).max() else {
            throw PostgresClusterError(description: "no PostgreSQL in \(root): install the package postgresql")
        }
        return "\(root)/\(newest)/bin"
    }
}
