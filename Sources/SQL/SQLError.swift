// Why the database said no.

/// A failure of the database, the same on both.
///
/// Messages name tables, constraints, files and servers, never a bound value: those may be secrets.
package enum SQLError: Error, Hashable, Sendable {
    /// Somebody else was first. The driver has run the transaction again as often as it does.
    case conflict
    /// The constraint's name on PostgreSQL; table and columns on SQLite (`user.name`).
    case uniqueViolation(String)
    /// Any other constraint.
    case constraint(String)
    /// No connection, no file, no slot. Starts with "outcome unknown" if the commit was under way: then, and only then,
    /// the transaction may have been committed.
    case unavailable(String)
    case full(String)
    case readOnly(String)
    case notADatabase(String)
    /// The statement or its values are wrong: a mistake of ours. The code is SQLSTATE, or SQLite's extended code.
    case statement(code: String, message: String)
    /// No such column, or it does not hold what was asked of it.
    case wrongColumn(String)
    case closed
}

extension SQLError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .conflict: "The transaction lost against others that changed the same rows, again and again."
        case .uniqueViolation(let constraint): "A row with this value exists already (\(constraint))."
        case .constraint(let constraint): "The change would break a rule of the database (\(constraint))."
        case .unavailable(let reason): "The database is unavailable: \(reason)."
        case .full(let reason): "The database has no room left: \(reason)."
        case .readOnly(let reason): "The database cannot be written to: \(reason)."
        case .notADatabase(let reason): "This is not a usable database: \(reason)."
        case .statement(let code, let message): "The database refused a statement (\(code)): \(message)."
        case .wrongColumn(let column): "The result's column \"\(column)\" is missing or of another type than asked."
        case .closed: "The database connection was closed by this program."
        }
    }
}
