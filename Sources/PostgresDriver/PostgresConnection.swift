// One connection to the server, always in libpq's pipeline mode: commands are sent ahead, results are read in order.

import CPostgres
import Foundation
import SQL

/// A connection. It belongs to one thread at a time, and knows no transactions.
final class PostgresConnection {
    private final class Prepared {
        let name: String
        var columns: [String]?

        init(name: String) { self.name = name }
    }

    private struct Key: Hashable {
        let template: String
        let types: [Oid]
    }

    private enum Expected {
        case preparation(Key)
        case rows(Prepared)
    }

    /// Every prepared statement takes memory in the server; a connection that has gathered many is replaced.
    private static let mostPrepared = 500

    private let handle: OpaquePointer
    private var prepared: [Key: Prepared] = [:]
    private var prepareCount = 0
    private var expected: [Expected] = []
    private var unreadSyncs = 0
    /// How often somebody waited for the server. A test holds a login's step to two.
    private(set) var roundTrips = 0
    /// The connection is of no more use.
    private(set) var isBroken = false

    init(_ settings: PostgresSettings) throws(SQLError) {
        let keywords = settings.parameters.map { strdup($0.keyword) } + [nil]
        let values = settings.parameters.map { strdup($0.value) } + [nil]
        defer { for text in keywords + values { free(text) } }
        let handle = PQconnectdbParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let handle else { throw .unavailable("libpq has no memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else { throw .unavailable(self.message) }
        PQsetNoticeReceiver(handle, { _, _ in }, nil)  // the default prints to standard error
        let result = PQexec(handle, settings.preparation)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK, PQenterPipelineMode(handle) == 1 else {
            throw .unavailable(self.message)
        }
    }

    deinit { PQfinish(self.handle) }

    /// For the time of connecting only, when nothing was bound yet.
    private var message: String { String(cString: PQerrorMessage(self.handle)).trimmed }

    /// Something was sent whose result nobody has read.
    var hasUnread: Bool { !self.expected.isEmpty || self.unreadSyncs > 0 }
    var isWornOut: Bool { self.isBroken || self.prepared.count > Self.mostPrepared }
    var isInTransaction: Bool { PQtransactionStatus(self.handle) != PQTRANS_IDLE }
    var socket: CInt { PQsocket(self.handle) }

    /// Puts the statement into the pipeline, and its preparation before it if this connection sees it first.
    func send(_ statement: SQLStatement) throws(SQLError) {
        let parameters = try PostgresParameters(statement.values)
        let prepared = try self.prepared(Key(template: statement.template, types: parameters.types))
        let isSent = parameters.withPointers { count, pointers, lengths, formats in
            PQsendQueryPrepared(self.handle, prepared.name, count, pointers, lengths, formats, 1)
        }
        guard isSent == 1 else { throw self.lost() }
        self.expected.append(.rows(prepared))
    }

    private func prepared(_ key: Key) throws(SQLError) -> Prepared {
        if let known = self.prepared[key] { return known }
        self.prepareCount += 1
        let new = Prepared(name: "s\(self.prepareCount)")
        let text = SQLDialect.postgres.text(of: key.template)
        guard PQsendPrepare(self.handle, new.name, text, CInt(key.types.count), key.types) == 1 else {
            throw self.lost()
        }
        self.expected.append(.preparation(key))
        self.prepared[key] = new
        return new
    }

    /// Sends what is in the pipeline and reads the results in order: one round trip. Answers the last one, or throws the
    /// first error; then the pipeline is empty and usable again.
    func receive() throws(SQLError) -> (result: PostgresResult, columns: [String])? {
        guard PQsendFlushRequest(self.handle) == 1, PQflush(self.handle) == 0 else { throw self.lost() }
        return try self.readAll()
    }

    /// Ends the pipeline, as after the last command of a transaction, and sends it.
    func sendSync() throws(SQLError) {
        guard PQpipelineSync(self.handle) == 1, PQflush(self.handle) == 0 else { throw self.lost() }
        self.unreadSyncs += 1
    }

    /// Reads everything up to the end that `sendSync` sent. Answers the last result, or throws the first error.
    func readToSync() throws(SQLError) -> PostgresResult? {
        let last = try self.readAll()
        try self.readSyncs()
        return last?.result
    }

    private func readAll() throws(SQLError) -> (result: PostgresResult, columns: [String])? {
        var last: (PostgresResult, [String])?
        var failure: SQLError?
        self.roundTrips += 1
        for expected in self.expected {
            let result = try self.nextResult()
            switch (result.status, expected) {
            case (PGRES_COMMAND_OK, .preparation): break
            case (PGRES_COMMAND_OK, .rows(let prepared)), (PGRES_TUPLES_OK, .rows(let prepared)):
                let columns = prepared.columns ?? result.columns
                prepared.columns = columns
                last = (result, columns)
            default:
                if case .preparation(let key) = expected { self.prepared[key] = nil }
                failure = failure ?? self.failure(result)
            }
            try self.skipTerminator()
        }
        self.expected = []
        guard let failure else { return last }
        try self.recover()
        throw failure
    }

    private func failure(_ result: PostgresResult) -> SQLError {
        if SQLError.endsConnection(sqlState: SQLError.sqlState(of: result.handle)) { self.isBroken = true }
        return SQLError(postgres: result.handle)
    }
}

extension PostgresConnection {
    /// After an error the server skips everything up to the next end of a pipeline.
    private func recover() throws(SQLError) {
        if self.isBroken { return }
        if self.unreadSyncs == 0 { try self.sendSync() }
        try self.readSyncs()
    }

    private func readSyncs() throws(SQLError) {
        while self.unreadSyncs > 0 {
            while try self.nextResult().status != PGRES_PIPELINE_SYNC {}
            self.unreadSyncs -= 1
        }
    }

    private func nextResult() throws(SQLError) -> PostgresResult {
        try self.waitForInput()
        guard let handle = PQgetResult(self.handle) else { throw self.lost() }
        let result = PostgresResult(handle)
        if PQstatus(self.handle) == CONNECTION_BAD { throw self.lost() }
        return result
    }

    /// Every command's results end with a null.
    private func skipTerminator() throws(SQLError) {
        try self.waitForInput()
        while let extra = PQgetResult(self.handle) { PQclear(extra) }
    }

    private func waitForInput() throws(SQLError) {
        while PQisBusy(self.handle) == 1 {
            guard self.isReadable(within: PostgresSettings.longestSilence) else {
                self.isBroken = true
                throw .unavailable("PostgreSQL does not answer")
            }
            guard PQconsumeInput(self.handle) == 1 else { throw self.lost() }
        }
    }

    private func isReadable(within wait: Duration) -> Bool {
        var descriptor = pollfd(fd: self.socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, CInt(wait / .milliseconds(1))) != 0
    }

    /// libpq's own message is not asked: it may repeat the server's last error with its DETAIL, which quotes values.
    private func lost() -> SQLError {
        self.isBroken = true
        return .unavailable("the connection to PostgreSQL was lost")
    }

    /// Whether the server has closed the connection while nobody used it: an idle one has nothing to read.
    func isStale() -> Bool {
        guard self.isReadable(within: .zero) else { return false }
        return PQconsumeInput(self.handle) == 0 || self.isReadable(within: .zero)
    }

    /// What other sessions notified, after the socket became readable.
    func notifications() throws(SQLError) -> [String] {
        guard PQconsumeInput(self.handle) == 1 else { throw self.lost() }
        var payloads: [String] = []
        while let notification = PQnotifies(self.handle) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }
}
