// The prepared statements of the writer's connection.

import GRDB
import SQL

/// Statements by their template: writing a statement out for SQLite and looking it up by that text costs as much as many
/// a statement itself.
///
/// - Safety: used by the writer's queue alone.
final class SQLiteStatements: @unchecked Sendable {
    /// Templates come from the source code, but a list in one makes a template for each length.
    private static let most = 500

    private var prepared: [String: Statement] = [:]

    func statement(_ template: String, on database: Database) throws -> Statement {
        if let known = self.prepared[template] { return known }
        if self.prepared.count >= Self.most { self.prepared = [:] }
        let new = try database.makeStatement(sql: SQLDialect.sqlite.text(of: template))
        self.prepared[template] = new
        return new
    }

    /// Before the connection closes.
    func forget() { self.prepared = [:] }
}
