internal import SQL
internal import Sealing
internal import Storage
internal import Time

/// What is done to a store whose schema is older than this program's. Newer ones are always refused.
package enum SchemaRule: Hashable, Sendable {
    /// Brought up to date: the start of the server.
    case bringUpToDate
    /// Made where there is nothing yet, else refused.
    case makeIfEmpty
    /// Refused: a command beside older servers must not change what they stand on.
    case asItIs

    /// - Parameter master: the master key, which is asked for before anything is changed that it seals.
    func apply(to driver: any SQLDriver, at now: Instant, master: () throws -> MasterKey) async throws {
        let migrator = Migrator(driver: driver)
        let (found, newest) = (try await migrator.installedVersion(), Migrator.newest)
        guard found != newest else { return }
        guard found < newest else { throw MigrationError.newerSchema(found: found, known: newest) }
        guard self == .bringUpToDate || (self == .makeIfEmpty && found == 0) else {
            throw StartError.olderSchema(found: found, needed: newest)
        }
        if found > 0, !(try await KeyRing.isMissing(in: driver)) { try await KeyRing.check(try master(), in: driver) }
        _ = try await migrator.migrate(at: now)
    }
}
