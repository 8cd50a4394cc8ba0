// Hearing which keys the other nodes committed.

import Foundation
import SQL
import Synchronization

/// Keeps one connection that listens, and makes it again when it is lost.
final class PostgresListener: Sendable {
    private enum Phase { case new, running, stopped }

    private let node: String
    private let gate: PostgresGate
    private let listeners: SQLListeners
    private let phase = Mutex(Phase.new)
    /// Written to when it is time to stop, which wakes the thread from its wait for the socket.
    private let stop = Pipe()

    init(node: String, gate: PostgresGate, listeners: SQLListeners) {
        self.node = node
        self.gate = gate
        self.listeners = listeners
    }

    /// Begins to listen, the first time it is called.
    func start() {
        let isFirst = self.phase.withLock { phase in
            guard phase == .new else { return false }
            phase = .running
            return true
        }
        guard isFirst else { return }
        let thread = Thread { self.run() }
        thread.name = "postgres-listen"
        thread.start()
    }

    func close() {
        let wasRunning = self.phase.withLock { phase in
            defer { phase = .stopped }
            return phase == .running
        }
        if wasRunning { try? self.stop.fileHandleForWriting.write(contentsOf: [0]) }
    }

    private var isStopped: Bool { self.phase.withLock { $0 == .stopped } }

    private func run() {
        while !self.isStopped {
            try? self.listen()
            _ = self.wait(for: nil, upTo: PostgresGate.longestPause / 4)
        }
    }

    /// Returns when told to stop, throws when the connection is lost.
    private func listen() throws(SQLError) {
        let connection = try self.gate.connect()
        try connection.send("LISTEN countersign")
        try connection.sendSync()
        _ = try connection.readToSync()
        self.listeners.deliver([.missed])  // whatever was notified before this moment
        while !self.isStopped {
            try self.deliver(connection.notifications())
            guard self.wait(for: connection.socket, upTo: .seconds(60)) else { return }
        }
    }

    private func deliver(_ payloads: [String]) {
        for payload in payloads.compactMap(PostgresPayload.init(parsing:)) where payload.node != self.node {
            self.listeners.deliver(payload.keys.map(SQLNotification.key))
        }
    }

    /// False if it is time to stop.
    private func wait(for socket: CInt?, upTo longest: Duration) -> Bool {
        var descriptors = [pollfd(fd: self.stop.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)]
        if let socket { descriptors.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        poll(&descriptors, nfds_t(descriptors.count), CInt(longest / .milliseconds(1)))
        return descriptors[0].revents == 0
    }
}
