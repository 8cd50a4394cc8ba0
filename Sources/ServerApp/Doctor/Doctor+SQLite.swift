internal import Foundation
internal import SQL

extension Doctor {
    func sqlite(_ driver: any SQLDriver, _ path: String) async throws -> [Finding] {
        let (synchronous, journal) = try await driver.write { connection in
            (
                try connection.query("PRAGMA synchronous").first?.integer("synchronous"),
                try connection.query("PRAGMA journal_mode").first?.text("journal_mode")
            )
        }
        let isDurable = synchronous == 2 && journal == "wal"
        let state = "\(path), journal \(journal ?? "unknown"), synchronous \(synchronous == 2 ? "FULL" : "not FULL")"
        return [
            isDurable
                ? Finding(.ok, "store", state)
                : Finding(.problem, "store", state, hint: "put the file on a local disk that keeps a write-ahead log"),
            Self.mode(path), Self.room(path),
        ].compactMap(\.self)
    }

    private static func mode(_ path: String) -> Finding? {
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
        guard let mode = mode?.intValue, mode & 0o077 != 0 else { return nil }
        return Finding(
            .warning, "store", "\(path) can be read by others than its owner", hint: "chmod 600 \(path)")
    }

    private static func room(_ path: String) -> Finding? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else { return nil }
        return Self.room(free: free, of: folder)
    }

    static func room(free: Int64, of folder: String) -> Finding {
        let mebibytes = free >> 20
        let message = "\(mebibytes) MiB free in \(folder)"
        if mebibytes < 100 { return Finding(.problem, "disk", message, hint: "make room: a full disk stops logins") }
        if mebibytes < 1024 { return Finding(.warning, "disk", message, hint: "make room before it is full") }
        return Finding(.ok, "disk", message)
    }
}
