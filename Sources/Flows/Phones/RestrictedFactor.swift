internal import Audit
package import Authenticators
package import Identifiers
internal import Identity
internal import Sessions
internal import Storage
internal import Time

/// That a user has nothing but a telephone number to log in with: he is told so, and offered something better.
package struct RestrictedFactor: Sendable {
    /// His newest number.
    package let phone: HeldPhone
    /// Whether he is asked now to say that he knows.
    package let mustAcknowledge: Bool
    /// Whether he may order a card: none is on its way.
    package let mayOrder: Bool
}

extension AccountFlow {
    /// - Returns: nil for a user who can use something better, or nothing.
    func restrictedFactor(
        of user: UserID, in store: StoreTransaction, at now: Instant
    ) throws -> RestrictedFactor? {
        let usable = try store.cards.active(of: user, at: now)
        guard !usable.isEmpty, usable.allSatisfy(\.kind.isRestricted),
            let phone = try store.phoneNumbers.all(of: user).last(where: \.isActive)
        else { return nil }
        let isUnderWay = try store.cardLives.all(of: user).contains { CardView($0, at: now).state.isUnderWay }
        return RestrictedFactor(
            phone: phone,
            mustAcknowledge: self.login.limits.codes.mustAcknowledge(phone.binding, besides: usable, at: now),
            mayOrder: !isUnderWay)
    }
}

extension PhoneFlow {
    /// The user says that he knows what a restricted factor is. Recorded once, until he is asked again.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``FlowError/notPermitted(_:_:)``.
    package func acknowledge(_ secret: SecretToken?, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            let user = try self.account.admit(secret, to: .view, in: store, at: now).user.id
            _ = try store.cardLives.lockUser(user)
            guard let factor = try self.account.restrictedFactor(of: user, in: store, at: now), factor.mustAcknowledge
            else { return }
            let id = factor.phone.summary.id
            try store.phoneNumbers.acknowledge(id, at: now)
            let note = AuditNote(.factorAcknowledged, .success, authenticator: id)
            try self.environment.record([note], context: AuditContext(origin, user: user), in: store, at: now)
        }
    }
}
