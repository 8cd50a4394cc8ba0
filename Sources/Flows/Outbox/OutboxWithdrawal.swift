package import Authenticators
package import Identifiers
internal import Outbox
internal import PhoneNumbers
package import Storage
package import Time

extension StoreTransaction {
    /// Takes back what was to be sent for a login that is over. What a provider has is on its way; what is being handed over
    /// is not tried again. The login is locked before.
    package func withdrawMessages(of login: LoginID, at now: Instant) throws {
        try self.withdraw(try self.outbox.lockUnsent(of: login), at: now)
    }

    /// Saves a number's check. One that is over takes back what was to be sent for it, as a login does. Its user is locked
    /// before.
    package func save(_ check: NumberCheck, over stored: StoredNumberCheck, at now: Instant) throws {
        try self.numberChecks.save(check, over: stored)
        guard check.isOver else { return }
        try self.withdraw(
            try self.outbox.lockUnsent(of: check.challenge.id, to: stored.number.e164), at: now)
    }

    private func withdraw(_ messages: [StoredMessage], at now: Instant) throws {
        for stored in messages {
            var life = stored.life
            _ = life.handle(.withdrawn, at: now)
            try self.outbox.save(life, over: stored)
        }
    }
}
