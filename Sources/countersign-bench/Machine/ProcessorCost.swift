// Processor time, read from /proc.

import Foundation

/// The processes whose work a load is.
struct MeasuredProcesses: Sendable {
    let server: Int32
    /// PostgreSQL's first process; its sessions are its children.
    let database: Int32?

    func times() -> (server: Double, database: Double, generator: Double) {
        let database = self.database.map { Self.seconds(ofTree: $0) } ?? 0
        return (Self.seconds(of: self.server), database, Self.seconds(of: getpid()))
    }

    private static func seconds(ofTree parent: Int32) -> Double {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { $0 == parent || Self.fields(of: $0).first == "\(parent)" }
            .reduce(0) { $0 + Self.seconds(of: $1) }
    }

    /// User and system time of a process and of its children that have ended.
    private static func seconds(of process: Int32) -> Double {
        let fields = Self.fields(of: process)
        guard fields.count > 13 else { return 0 }
        return fields[10...13].reduce(0) { $0 + (Double($1) ?? 0) } / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The fields of `/proc/PID/stat` from the fourth on: the second is a name in brackets, and may hold anything.
    private static func fields(of process: Int32) -> [String] {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        guard let end = text.lastIndex(of: ")") else { return [] }
        return text[end...].split(separator: " ").dropFirst(2).map(String.init)
    }
}

/// Processor time of one round, in microseconds.
struct ProcessorCost: Sendable {
    typealias Times = (server: Double, database: Double, generator: Double)
    let server: Double
    let database: Double
    let generator: Double

    init(_ before: Times, _ after: Times, rounds: Int) {
        let each = 1_000_000 / Double(max(rounds, 1))
        self.server = (after.server - before.server) * each
        self.database = (after.database - before.database) * each
        self.generator = (after.generator - before.generator) * each
    }
}
