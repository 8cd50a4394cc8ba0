internal import Audit
package import Authenticators
package import Identifiers
internal import Identity
internal import Sessions
internal import Storage
internal import Time

package enum AddressChange: Hashable, Sendable {
    case changed
    /// It is the one that was there.
    case same
    case refused(DeliveryAddressError)
}

extension AccountFlow {
    /// Changes the postal address, after a second factor proven just before: cards are sent to it. What was ordered goes to
    /// where it was ordered to.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``FlowError/notPermitted(_:_:)``.
    package func changeAddress(
        _ typed: String, in secret: SecretToken?, origin: RequestOrigin
    ) async throws -> AddressChange {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .change, in: store, at: now)
            let address: DeliveryAddress
            do throws(DeliveryAddressError) {
                address = try DeliveryAddress(typed)
            } catch {
                return .refused(error)
            }
            guard address.text != visitor.user.postalAddress else { return .same }
            try store.users.setPostalAddress(address.text, of: visitor.user.id)
            try self.environment.record(
                [AuditNote(.addressChanged, .success)], context: AuditContext(origin, user: visitor.user.id),
                in: store, at: now)
            try self.environment.tell(
                visitor.user.id, .addressChanged, NoticeDetails(address: origin.address), in: store, at: now)
            return .changed
        }
    }
}
