// Making connections, and not hammering a server that is down.

import CPostgres
import Logging
import SQL
import Synchronization

/// Opens connections for everyone in this driver. After a failure it answers with that failure at once until a pause has
/// passed, which doubles up to a cap.
final class PostgresGate: Sendable {
    private struct Trouble {
        var error: SQLError
        var pause: Duration
        var until: ContinuousClock.Instant
    }

    private static let shortestPause = Duration.milliseconds(50)
    static let longestPause = Duration.seconds(1)

    private let settings: PostgresSettings
    private let logger: Logger
    private let trouble = Mutex<Trouble?>(nil)

    init(settings: PostgresSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    func connect() throws(SQLError) -> PostgresConnection {
        if let trouble = self.trouble.withLock({ $0 }), ContinuousClock.now < trouble.until { throw trouble.error }
        do {
            let connection = try PostgresConnection(self.settings)
            self.recordSuccess()
            return connection
        } catch {
            self.record(error)
            throw error
        }
    }

    private func recordSuccess() {
        let wasInTrouble = self.trouble.withLock { trouble in
            defer { trouble = nil }
            return trouble != nil
        }
        if wasInTrouble { self.logger.notice("PostgreSQL is reachable again") }
    }

    private func record(_ error: SQLError) {
        let isNew = self.trouble.withLock { trouble in
            let pause = trouble.map { min($0.pause * 2, Self.longestPause) } ?? Self.shortestPause
            defer { trouble = Trouble(error: error, pause: pause, until: .now + pause) }
            return trouble == nil
        }
        if isNew { self.logger.error("PostgreSQL is not reachable", metadata: ["reason": "\(error)"]) }
    }
}
