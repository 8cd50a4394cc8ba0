package import Applications
internal import Audit
package import OAuth
internal import Storage
package import Time

extension AuthorizationFlow {
    /// What a client assertion's times are compared with.
    package func now() -> Instant { self.environment.now() }

    /// Uses up an assertion whose signature was verified, so that whoever overheard it cannot use it again.
    ///
    /// - Returns: whether this was its first use.
    package func use(
        _ assertion: ClientAssertion, of application: Application, origin: RequestOrigin
    ) async throws -> Bool {
        let now = self.environment.now()
        let end = Instant(milliseconds: assertion.expires * 1000)
        return try await self.environment.store.write { store in
            if try store.clientAssertions.use(assertion.id, of: application.id, until: end) { return true }
            let context = AuditContext(origin, application: application.id)
            try self.environment.record(
                [AuditNote(.clientRefused, .failure, reason: .reused)], context: context, in: store, at: now)
            return false
        }
    }
}
