// How to reach the server, and how long to wait for it.

import CPostgres
import SQL

/// What a connection is made with. A value of this type has a connection string that libpq can read.
struct PostgresSettings: Sendable {
    /// A statement that takes longer is ended by the server.
    static let longestStatement = Duration.seconds(10)
    /// No answer for this long, although the server should have ended the statement: the server is gone.
    static let longestSilence = Duration.seconds(15)

    let connection: String

    init(connection: String) throws(SQLError) {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(connection, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        // libpq's own message may quote the whole text, and the text may hold a password.
        guard options != nil else { throw .unavailable("the connection string of PostgreSQL cannot be read") }
        self.connection = connection
    }

    /// In libpq's order: what comes later wins, so the operator's connection string overrides ours.
    var parameters: [(keyword: String, value: String)] {
        [
            ("application_name", "countersign"), ("client_encoding", "UTF8"), ("connect_timeout", "5"),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
            ("dbname", self.connection),
        ]
    }

    /// Run once on each new connection. A commit that is not durable would let used codes be used again.
    var preparation: String {
        """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        SET statement_timeout = \(Self.longestStatement.components.seconds * 1000);
        SET idle_in_transaction_session_timeout = 30000;
        SET default_transaction_isolation = 'read committed';
        SET default_transaction_read_only = off
        """
    }
}
