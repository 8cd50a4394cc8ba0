internal import Audit
internal import Identifiers
internal import Identity
package import Sessions
internal import Storage
internal import Time

/// Who asks for something to be done to a card.
package enum CardActor: Sendable {
    /// The card's own user, in this session. What the session is worth is read from the store again.
    case user(Session)
    case staff(StaffAction)

    /// The session that goes on when the others are ended.
    var session: SessionID? {
        switch self {
        case .user(let session): session.id
        case .staff: nil
        }
    }

    /// A user's session is weighed by each step; the staff's leave is looked at here.
    func confirm(in store: StoreTransaction, at now: Instant) throws {
        switch self {
        case .user: return
        case .staff(let action): try action.confirm(in: store, at: now)
        }
    }

    func context(_ origin: RequestOrigin, for user: UserID?) -> AuditContext {
        switch self {
        case .user(let session): AuditContext(origin, user: user ?? session.user)
        case .staff(let action): AuditContext(origin, by: action, for: user)
        }
    }
}

/// What a session must have proven for a step.
enum CardProof: Sendable {
    /// A password may be all: enough to activate what was sent to the verified address, and for nothing else.
    case session
    /// Whatever it is worth: enough to give up what one has.
    case anySecondFactor
    /// One that no weaker factor has bound of late.
    case recentSecondFactor
    /// The same to begin with, and later the session that has begun. A session that is kept at the change of a PIN is good for
    /// this alone, and it is enough for it, however its card was bound.
    case pinChange(isBegun: Bool)
}

/// The one place where a session is weighed.
extension CardFlow {
    /// The session as it stands in the store: open, its user active, and with enough proven.
    func weigh(
        _ session: Session, for proof: CardProof, in store: StoreTransaction, at now: Instant
    ) throws -> Session {
        guard let current = try store.sessions.find(session.id), current.isOpen(limits: self.sessions, at: now),
            try store.users.find(current.user)?.status == .active
        else { throw CardRefusal.notSignedIn }
        switch proof {
        case .session: try current.requireNoHold()
        case .anySecondFactor:
            try current.requireNoHold()
            guard current.authentication.isMultiFactor else { throw CardRefusal.secondFactorNeeded(within: nil) }
        case .recentSecondFactor:
            try current.requireNoHold()
            try self.requireStrong(current, within: self.limits.proof, in: store, at: now)
        case .pinChange(let isBegun):
            try self.requireStrong(current, within: isBegun ? nil : self.limits.proof, in: store, at: now)
        }
        return current
    }

    private func requireStrong(
        _ session: Session, within: Span?, in store: StoreTransaction, at now: Instant
    ) throws {
        let isHeld = session.hold != nil && session.authentication.isMultiFactor
        if !isHeld, let until = session.limit(at: now) { throw CardRefusal.limited(until: until) }
        if !isHeld, session.authentication.isMultiFactor,
            try session.authentication.proven < store.strongest(of: session.user, at: now)
        {
            throw CardRefusal.strongerFactorNeeded
        }
        let isStrong = isHeld || session.authentication.assurance == .multiFactor
        let isRecent = within.map { now < session.authentication.at + $0 } ?? true
        guard isStrong, isRecent else { throw CardRefusal.secondFactorNeeded(within: within) }
    }
}

extension Session {
    fileprivate func requireNoHold() throws {
        if let hold = self.hold { throw CardRefusal.pinChangeNeeded(hold.card) }
    }

    /// A session that is kept at the change of one card's PIN changes no other's.
    func requireHold(allows card: AuthenticatorID) throws {
        guard let hold = self.hold, hold.card != card else { return }
        throw CardRefusal.pinChangeNeeded(hold.card)
    }
}
