internal import Audit
internal import Authenticators
package import Identifiers
internal import Identity
internal import PhoneNumbers
internal import Sessions
internal import Storage
internal import Time

/// What follows when a number becomes a user's, or ceases to be.
extension PhoneFlow {
    /// The number takes the place of every other that the user has, or had until lately. Then it counts for nothing stronger
    /// for a while; other sessions end; the user is told on every channel that he had before.
    func bind(
        _ stored: StoredNumberCheck, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        let (user, number) = (stored.user, stored.number)
        let known = try store.phoneNumbers.all(of: user)
        let earlier = known.filter(\.isActive)
        // The same number again is no news.
        guard !earlier.contains(where: { $0.number == number }) else { return }
        guard let strength = try self.strength(of: stored.asker, in: store) else { return }
        // Nor does it help to remove the one before the other is added.
        let waits = known.contains { $0.isReplaced(at: now, within: Self.waiting) } || strength < .multiFactor
        let summary = AuthenticatorSummary(
            id: self.environment.id(at: now), kind: .phoneNumber, label: number.lastDigits)
        try store.phoneNumbers.bind(
            summary, number: number, to: user,
            as: PhoneBinding(strength: strength, limitedUntil: waits ? now + Self.waiting : nil), at: now)
        let context = AuditContext(origin, user: user, application: stored.asker.application)
        try self.environment.record(
            [AuditNote(.authenticatorBound, .success, authenticator: summary.id)], context: context, in: store, at: now)
        for phone in earlier { try self.remove(phone, of: user, in: store, origin: origin, at: now) }
        for phone in earlier {
            try self.tellRemoved(phone, replacedBy: number, of: user, in: store, origin: origin, at: now)
        }
        let details = NoticeDetails(
            authenticator: summary.label, until: waits ? now + Self.waiting : nil, address: origin.address)
        try self.environment.tell(
            user, .phoneNumberAdded, details, after: ReachChange(newNumber: number), in: store, at: now)
        try self.end(user, except: stored.asker.session, in: store, origin: origin, at: now)
    }

    /// What stands behind a number that is bound: what the user has proven in his session, or the word of an application,
    /// which is worth no more than that of the staff.
    private func strength(of asker: NumberCheckAsker, in store: StoreTransaction) throws -> BindingStrength? {
        switch asker {
        case .session(let id): try store.sessions.find(id).map { BindingStrength($0.authentication) }
        case .application: .singleFactor
        }
    }

    /// Removes a number, unless it is all that the user has.
    package func remove(
        _ id: AuthenticatorID, _ secret: SecretToken?, origin: RequestOrigin
    ) async throws -> PhoneRemoval {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.account.admit(secret, to: .change, in: store, at: now)
            let user = visitor.user.id
            _ = try store.cardLives.lockUser(user)
            guard let phone = try store.phoneNumbers.all(of: user).first(where: { $0.summary.id == id && $0.isActive })
            else { return .noSuchNumber }
            guard try store.cards.active(of: user, at: now).contains(where: { $0.id != id }) else {
                return .onlyFactor
            }
            try self.remove(phone, of: user, in: store, origin: origin, at: now)
            try self.tellRemoved(phone, of: user, in: store, origin: origin, at: now)
            try self.end(user, except: visitor.session.id, in: store, origin: origin, at: now)
            return .removed
        }
    }

    private func remove(
        _ phone: HeldPhone, of user: UserID, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        try store.phoneNumbers.remove(phone.summary.id, at: now)
        let note = AuditNote(.authenticatorRemoved, .success, authenticator: phone.summary.id)
        try self.environment.record([note], context: AuditContext(origin, user: user), in: store, at: now)
    }

    /// The number itself hears of it too, once: whoever took the account over has it not.
    private func tellRemoved(
        _ phone: HeldPhone, replacedBy number: PhoneNumber? = nil, of user: UserID, in store: StoreTransaction,
        origin: RequestOrigin, at now: Instant
    ) throws {
        let details = NoticeDetails(authenticator: phone.summary.label, address: origin.address)
        try self.environment.tell(
            user, .phoneNumberRemoved, details,
            after: ReachChange(formerNumbers: [phone.number], newNumber: number), in: store, at: now)
    }

    private func end(
        _ user: UserID, except kept: SessionID?, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        guard try store.endEverything(of: user, except: kept, at: now) > 0 else { return }
        let note = AuditNote(.sessionEnded, .success, reason: .credentialsChanged)
        try self.environment.record([note], context: AuditContext(origin, user: user), in: store, at: now)
    }
}

package enum PhoneRemoval: Hashable, Sendable {
    case removed
    case noSuchNumber
    case onlyFactor
}
