// SQLite's result codes in the words that both drivers use.

import GRDB
import GRDBSQLite
import SQL

extension SQLError {
    /// - Parameter code: an extended result code.
    /// - Parameter message: SQLite's own text, where it cannot hold a bound value: not for code 1 while stepping.
    init(sqlite code: CInt, message: String, path: String) {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .conflict
        case SQLITE_FULL: self = .full("\(path): \(message)")
        case SQLITE_IOERR where code == Self.noRoomForIndex: self = .full("\(path): \(message)")
        case SQLITE_READONLY: self = .readOnly("\(path): \(message)")
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT:
            self = .unavailable("\(path): \(message)")
        case SQLITE_NOTADB, SQLITE_CORRUPT: self = .notADatabase("\(path): \(message)")
        case SQLITE_CONSTRAINT: self = .init(constraint: code, message: message)
        default: self = .statement(code: String(code), message: message)
        }
    }

    /// SQLITE_IOERR_SHMSIZE: the index of the write-ahead log found no room on the disk.
    private static let noRoomForIndex = SQLITE_IOERR | 19 << 8

    /// SQLite's text is "UNIQUE constraint failed: user.name".
    private init(constraint code: CInt, message: String) {
        let uniqueness = [
            SQLITE_CONSTRAINT | 8 << 8,  // UNIQUE
            SQLITE_CONSTRAINT | 6 << 8,  // PRIMARYKEY
            SQLITE_CONSTRAINT | 10 << 8,  // ROWID
        ]
        let name = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
        self = uniqueness.contains(code) ? .uniqueViolation(name) : .constraint(message)
    }

    /// What GRDB threw while it opened the file or prepared a statement: nothing is bound then.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as SQLError: self = error
        case let error as DatabaseError:
            let message = error.message ?? String(cString: sqlite3_errstr(error.extendedResultCode.rawValue))
            self.init(sqlite: error.extendedResultCode.rawValue, message: message, path: path)
        default: self = .unavailable("\(path): the file could not be opened")
        }
    }
}
