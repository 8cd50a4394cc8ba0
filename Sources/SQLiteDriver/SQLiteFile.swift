// The database's file, before SQLite opens it: who may read it, and what to say if it cannot be used.

import Foundation
import SQL

/// The path of a database file.
struct SQLiteFile: Sendable {
    let path: String

    /// Makes sure that the file is there and may be written to. A new one is readable by its owner alone, whatever the
    /// umask; SQLite gives the files that it puts beside it (`-wal`, `-shm`) the same mode.
    func prepare() throws(SQLError) {
        let created = open(self.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if created >= 0 {
            defer { _ = Glibc.close(created) }
            guard fchmod(created, 0o600) == 0 else { throw self.refusal(of: errno) }
            return
        }
        guard errno == EEXIST else { throw self.refusal(of: errno) }
        let existing = open(self.path, O_RDWR | O_CLOEXEC)
        guard existing >= 0 else { throw self.refusal(of: errno) }
        _ = Glibc.close(existing)
    }

    private func refusal(of code: CInt) -> SQLError {
        let reason = "\(self.path): \(String(cString: strerror(code)))"
        return switch code {
        case EROFS, EACCES, EPERM: .readOnly(reason)
        case ENOSPC, EDQUOT: .full(reason)
        case ENOENT: .unavailable("\(reason); its folder must exist")
        default: .unavailable(reason)
        }
    }
}
