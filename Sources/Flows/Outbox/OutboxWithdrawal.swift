package import Identifiers
internal import Outbox
package import Storage
package import Time

extension StoreTransaction {
    /// Takes back what was to be sent for a login that is over. What a provider has is on its way; what is being handed over
    /// is not tried again. The login is locked before.
    package func withdrawMessages(of login: LoginID, at now: Instant) throws {
        for stored in try self.outbox.lockUnsent(of: login) {
            var life = stored.life
            _ = life.handle(.withdrawn, at: now)
            try self.outbox.save(life, over: stored)
        }
    }
}
