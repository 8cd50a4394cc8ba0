internal import Audit
internal import Authenticators
internal import Channels
internal import Identifiers
package import Identity
internal import Outbox
internal import PhoneNumbers
internal import Storage
internal import Time

/// One user, as the help desk sees him.
extension StaffFlow {
    /// The user, and why a login would fail just now.
    package func user(_ name: UserName, by claim: StaffClaim) async throws -> UserOverview {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .findUser, in: store, at: now)
            guard let user = try store.users.find(name) else { throw StaffError.noSuchUser }
            let authenticators = try store.userDesk.authenticators(of: user.id)
            let standing = LoginStanding(
                user: user, factors: try store.userDesk.standing(of: user.id),
                password: try store.passwordThrottles.peek(name), authenticators: authenticators,
                codes: try self.codeObstacles(of: user.id, in: store, at: now),
                activationBlock: try self.activationBlock(of: user, in: store, at: now), limits: self.limits, now: now)
            var names = AuditNames()
            let recent = try store.audit.find(AuditFilter(user: user.id, most: 10))
            return UserOverview(
                user: user, authenticators: authenticators, obstacles: standing.obstacles,
                openSessions: try store.userDesk.openSessions(of: user.id, limits: self.sessions, at: now),
                recent: try recent.map { try names.named($0, in: store) })
        }
    }

    /// Nothing where no code waits: a new one begins the count anew.
    private func activationBlock(of user: User, in store: StoreTransaction, at now: Instant) throws -> Instant? {
        guard try !store.activationCodes.live(of: user.id, at: now).isEmpty else { return nil }
        return try store.activationBlock(of: user.name, at: now)
    }

    private func codeObstacles(
        of user: UserID, in store: StoreTransaction, at now: Instant
    ) throws -> [AuthenticatorID: CodeObstacle] {
        var found: [AuthenticatorID: CodeObstacle] = [:]
        for phone in try store.phoneNumbers.all(of: user) where phone.isActive {
            found[phone.summary.id] = try self.codeObstacle(to: phone, of: user, in: store, at: now)
        }
        return found
    }

    /// What a login's next code would meet. The pause between two codes is no obstacle, nor what is counted for all.
    private func codeObstacle(
        to phone: HeldPhone, of user: UserID, in store: StoreTransaction, at now: Instant
    ) throws -> CodeObstacle? {
        let (limits, day) = (self.limits.sending, now - .hours(24))
        let (number, destination) = (phone.number.e164, MessageDestination(phone.number))
        let history = try store.outbox.codes(to: number, since: day)
        let refusals = CodeWay.allCases.map { way in
            limits.refusal(by: way.channel, to: destination, after: history, at: now)
        }
        if !refusals.contains(where: { $0?.isPause ?? true }) {
            return refusals.compactMap { $0?.until }.min().map { .numberLimit(until: $0) } ?? .notThere
        }
        if limits.conversion != nil,
            let stop = try store.conversions.watch(of: .block(destination, .login)).watch.stop(at: now)
        {
            return .stopped(until: stop.until)
        }
        let last = try store.outbox.last(.loginCode, to: number, of: user, since: day)
        return last?.fault == .simSwapped ? .withheld : nil
    }
}

extension SendingRefusal {
    /// Whether a code is there already, or may be asked for in a moment.
    fileprivate var isPause: Bool {
        switch self {
        case .tooSoon: true
        case .numberLimit, .limit, .notThere, .stopped, .noSuchWay: false
        }
    }
}
