// Telling the other nodes which keys were committed.

import Dispatch
import Foundation
import SQL
import Synchronization

/// Gathers keys and sends them in batches on a connection of its own, after the commits that they tell of: NOTIFY inside
/// a transaction makes all commits of the server wait for one another.
final class PostgresNotifier: Sendable {
    /// While the server is away the oldest are forgotten: who waits for them asks for everything afterwards.
    private static let mostWaiting = 10_000
    /// Between two batches, in seconds: under load a transaction for each commit would cost more than a wake-up is worth.
    private static let pause = 0.005

    private struct State {
        var keys: [String] = []
        var isClosed = false
    }

    private let node: String
    private let gate: PostgresGate
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    init(node: String, gate: PostgresGate) {
        self.node = node
        self.gate = gate
        let thread = Thread { self.run() }
        thread.name = "postgres-notify"
        thread.start()
    }

    func send(_ keys: [String]) {
        guard !keys.isEmpty else { return }
        self.state.withLock { state in
            state.keys += keys
            state.keys.removeFirst(max(0, state.keys.count - Self.mostWaiting))
        }
        self.work.signal()
    }

    /// Sends what is waiting, if the server is there, and ends.
    func close() {
        self.state.withLock { $0.isClosed = true }
        self.work.signal()
    }

    private func run() {
        let worker = PostgresWorker(gate: self.gate)
        while true {
            self.work.wait()
            let (keys, isClosed) = self.state.withLock { state in
                defer { state.keys = [] }
                return (state.keys, state.isClosed)
            }
            let isSent = keys.isEmpty || self.send(keys, on: worker)
            if isClosed { return }
            if !keys.isEmpty { Thread.sleep(forTimeInterval: Self.pause) }
            if !isSent { self.putBack(keys) }
        }
    }

    private func send(_ keys: [String], on worker: PostgresWorker) -> Bool {
        var seen: Set<String> = []
        let payloads = PostgresPayload.packing(keys.filter { seen.insert($0).inserted }, node: self.node)
        defer { worker.settle() }
        do {
            _ = try worker.run(.write) { connection in
                for payload in payloads {
                    try connection.enqueue("SELECT pg_notify(\(PostgresPayload.channel), \(payload.text))")
                }
            }
            return true
        } catch {
            return false
        }
    }

    private func putBack(_ keys: [String]) {
        self.state.withLock { $0.keys = keys + $0.keys }
        Thread.sleep(forTimeInterval: PostgresGate.longestPause / .seconds(1))
        self.work.signal()
    }
}
