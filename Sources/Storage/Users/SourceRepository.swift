internal import SQL
package import Time

/// Where failures come from, counted by the hour: one address or network, one application, the firm as a whole.
package enum FailureSource: Hashable, Sendable {
    /// An IPv4 address or an IPv6 /64.
    case address(String)
    case application([UInt8])
    case firm
}

/// The only SQL for the counts of failures by source.
package struct SourceRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Counts one failure.
    ///
    /// - Returns: the source's failures within this hour, this one included.
    package func count(_ source: FailureSource, at now: Instant) throws -> Int64 {
        let period = now.milliseconds / Span.hours(1).milliseconds
        let rows = try self.connection.query(
            """
            INSERT INTO source_count (source_key, period, failures) VALUES (\(self.key(source)), \(period), 1)
            ON CONFLICT (source_key, period) DO UPDATE SET failures = source_count.failures + 1
            RETURNING failures
            """)
        return try rows.first?.integer("failures") ?? 0
    }

    /// The source's failures within this hour.
    package func failures(of source: FailureSource, at now: Instant) throws -> Int64 {
        let period = now.milliseconds / Span.hours(1).milliseconds
        let rows = try self.connection.query(
            "SELECT failures FROM source_count WHERE source_key = \(self.key(source)) AND period = \(period)")
        return try rows.first?.integer("failures") ?? 0
    }

    package func forget(before then: Instant) throws -> Int {
        let period = then.milliseconds / Span.hours(1).milliseconds
        return try self.connection.execute("DELETE FROM source_count WHERE period < \(period)")
    }

    private func key(_ source: FailureSource) -> [UInt8] {
        switch source {
        case .address(let text): self.keys.lookup("source", [Array("address".utf8), Array(text.utf8)])
        case .application(let id): self.keys.lookup("source", [Array("application".utf8), id])
        case .firm: self.keys.lookup("source", [Array("firm".utf8)])
        }
    }
}
