internal import SQL
internal import Time

extension Doctor {
    func postgres(_ driver: any SQLDriver, _ url: String, _ connections: Int) async throws -> [Finding] {
        let before = self.clock()
        let row = try await driver.read { connection in
            try connection.query(
                """
                SELECT CAST(current_setting('server_version_num') AS BIGINT) AS version,
                    CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS time,
                    CAST(current_setting('max_connections') AS BIGINT) AS most,
                    CAST(pg_is_in_recovery() AS TEXT) AS standby, current_setting('fsync') AS fsync,
                    (SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit') AS synchronous_commit,
                    current_setting('synchronous_standby_names') AS names,
                    (SELECT COUNT(*) FROM pg_stat_replication) AS standbys
                """
            ).first
        }
        guard let row else { return [] }
        let settings = try PostgresFacts(row)
        return settings.findings(connections: connections)
            + [Self.skew(before, self.clock(), settings.time), try await self.pooler(driver, url)].compactMap(\.self)
    }

    /// How far the clocks are apart, at least: the answer's way is in between.
    static func skew(_ before: Instant, _ after: Instant, _ there: Instant) -> Finding {
        let apart = max(before.milliseconds - there.milliseconds, there.milliseconds - after.milliseconds, 0)
        let message = "this machine and the database are \(apart) ms apart"
        if apart < 1000 { return Finding(.ok, "clock", message) }
        return Finding(
            apart < 10_000 ? .warning : .problem, "clock", message,
            hint:
                "let all machines follow the same time servers: locks and challenges are measured by the nodes' clocks")
    }

    /// A pooler that gives each transaction another server process loses LISTEN, and what a session has set.
    private func pooler(_ driver: any SQLDriver, _ url: String) async throws -> Finding? {
        guard url.contains(":6432") || url.contains("port=6432") else { return nil }
        return Finding(
            .warning, "pooler", "port 6432 is a pooler's",
            hint: "let it give each connection a session of its own (pool_mode = session): wake-ups need LISTEN")
    }
}

/// What a PostgreSQL server says of itself.
struct PostgresFacts: Sendable {
    var version: Int64
    var time: Instant
    var mostConnections: Int64
    var isStandby: Bool
    var fsync: String
    var synchronousCommit: String
    var standbyNames: String
    var standbys: Int64

    init(_ row: SQLRow) throws {
        self.version = try row.integer("version")
        self.time = Instant(milliseconds: try row.integer("time"))
        self.mostConnections = try row.integer("most")
        self.isStandby = try row.text("standby") == "true"
        self.fsync = try row.text("fsync")
        self.synchronousCommit = try row.optionalText("synchronous_commit") ?? "on"
        self.standbyNames = try row.text("names")
        self.standbys = try row.integer("standbys")
    }

    func findings(connections: Int) -> [Finding] {
        [
            self.versionFinding(), self.standbyFinding(), self.durability(), self.replication(),
            self.room(for: connections),
        ].compactMap(\.self)
    }

    private func versionFinding() -> Finding {
        let name = "PostgreSQL \(self.version / 10_000).\(self.version % 10_000)"
        return self.version >= 130_000
            ? Finding(.ok, "store", name)
            : Finding(.problem, "store", "\(name) is too old", hint: "use PostgreSQL 13 or newer")
    }

    private func standbyFinding() -> Finding? {
        guard self.isStandby else { return nil }
        return Finding(
            .problem, "store", "this server is a standby, which cannot be written to",
            hint: "name the primary in store.postgresql.url, or several hosts and target_session_attrs=read-write")
    }

    private func durability() -> Finding {
        guard self.fsync == "on" else {
            return Finding(
                .problem, "commits", "fsync is off: a crash of the machine loses commits, and used codes work again",
                hint: "set fsync = on")
        }
        guard !["off", "local"].contains(self.synchronousCommit) else {
            return Finding(
                .warning, "commits", "synchronous_commit is \(self.synchronousCommit) at the server",
                hint: "set synchronous_commit = on; this program's own connections wait for the disk in any case")
        }
        return Finding(.ok, "commits", "durable (synchronous_commit = \(self.synchronousCommit))")
    }

    private func replication() -> Finding? {
        guard self.standbys > 0 else { return nil }
        guard !self.standbyNames.isEmpty else {
            return Finding(
                .problem, "standbys", "\(self.standbys) standby servers, and none of them is synchronous",
                hint: "set synchronous_standby_names, or a promotion accepts used codes again")
        }
        return Finding(.ok, "standbys", "\(self.standbys), synchronous to \(self.standbyNames)")
    }

    private func room(for connections: Int) -> Finding? {
        // Two more are for LISTEN and NOTIFY.
        guard Int64(connections + 2) > self.mostConnections - 3 else { return nil }
        return Finding(
            .warning, "connections",
            "a node uses \(connections + 2) connections, and the server takes \(self.mostConnections) in all",
            hint: "lower store.postgresql.connections, or raise max_connections: all nodes together must fit")
    }
}
