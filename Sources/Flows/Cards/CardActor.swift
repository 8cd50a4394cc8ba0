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
    case secondFactor
    case recentSecondFactor
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
        let isStrong = current.authentication.assurance == .multiFactor
        let isRecent = now < current.authentication.at + self.limits.proof
        switch proof {
        case .session: break
        case .secondFactor: guard isStrong else { throw CardRefusal.secondFactorNeeded(within: nil) }
        case .recentSecondFactor:
            guard isStrong, isRecent else { throw CardRefusal.secondFactorNeeded(within: self.limits.proof) }
        }
        return current
    }
}
