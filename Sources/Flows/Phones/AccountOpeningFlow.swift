internal import Applications
internal import Audit
package import Authenticators
package import Identifiers
package import Identity
internal import Outbox
package import PhoneNumbers
internal import Storage
internal import Time

/// The telephone number of somebody whose account is being opened, verified for the application that opens it. Not for users
/// who have, or ever had, something to log in with: they change their number themselves.
package struct AccountOpeningFlow: Sendable {
    private let phones: PhoneFlow
    private var environment: FlowEnvironment { self.phones.environment }

    package init(phones: PhoneFlow) { self.phones = phones }

    /// Whether the application may open accounts.
    package func prove(_ claim: ApplicationClaim) async throws {
        try await self.environment.store.read { _ = try claim.prove(in: $0) }
    }

    /// Sends a code to a number that the user says is his. Whether anybody has it already is not told.
    ///
    /// - Throws: ``FlowError/applicationNotProven``, ``FlowError/applicationNotPermitted``.
    package func begin(
        _ number: PhoneNumber, for name: UserName, by claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> NumberCheckStep<NumberCheckView> {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let opening: Opening
            switch try self.open(name, by: claim, in: store, origin: origin, at: now) {
            case .done(let found): opening = found
            case .refused(let refusal): return .refused(refusal)
            }
            let id: ChallengeID = self.environment.id(at: now)
            let code = OneTimeCode(challenge: id, random: self.environment.random.bytes(8))
            let fresh = CodeChallenge(id: id, expires: now + CodeChallenge.lifetime)
            let dispatch = self.dispatch(to: number, opening, origin, at: now)
            let (challenge, refusal) = try self.phones.send(fresh, code, by: .text, dispatch, in: store)
            try store.numberChecks.add(
                NumberCheck(challenge: challenge), code: code, number: number, of: opening.user,
                askedBy: .application(opening.application))
            return .done(try self.phones.view(challenge, dispatch, refusal, in: store))
        }
    }

    /// Sends the code once more, by text or by a call: the same one while enough of its time remains, else a new one.
    package func sendAgain(
        by way: CodeWay, for id: ChallengeID, of name: UserName, by claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> NumberCheckStep<NumberCheckView> {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try self.with(id, of: name, by: claim, in: store, origin: origin, at: now) { opening, stored in
                let dispatch = self.dispatch(to: stored.number, opening, origin, at: now)
                return try self.phones.sendAgain(stored, by: way, dispatch, in: store)
            }
        }
    }

    /// Takes the code that the user typed. The right one makes the number his.
    package func confirm(
        _ id: ChallengeID, typed: String, of name: UserName, by claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> NumberCheckStep<NumberCheckEnd> {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try self.with(id, of: name, by: claim, in: store, origin: origin, at: now) { _, stored in
                try self.phones.take(typed, stored, in: store, origin: origin, at: now)
            }
        }
    }

    private func with<Value: Sendable>(
        _ id: ChallengeID, of name: UserName, by claim: ApplicationClaim, in store: StoreTransaction,
        origin: RequestOrigin, at now: Instant, _ act: (Opening, StoredNumberCheck) throws -> Value
    ) throws -> NumberCheckStep<Value> {
        switch try self.open(name, by: claim, in: store, origin: origin, at: now) {
        case .refused(let refusal): return .refused(refusal)
        case .done(let opening):
            guard let stored = try store.numberChecks.lock(id), stored.asker == .application(opening.application),
                stored.user == opening.user, !stored.check.isOver(at: now)
            else { return .refused(.over) }
            return .done(try act(opening, stored))
        }
    }

    /// The user is locked: whoever binds an authenticator meanwhile waits, or was before.
    private func open(
        _ name: UserName, by claim: ApplicationClaim, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> NumberCheckStep<Opening> {
        let application = try claim.prove(in: store)
        guard let user = try store.users.lock(name), user.status == .active else { return .refused(.noSuchUser) }
        guard try store.cards.uses(of: user.id).allSatisfy(\.status.isBeforeActivation) else {
            let context = AuditContext(origin, user: user.id, application: application.id)
            try self.environment.record(
                [AuditNote(.numberChecked, .failure, reason: .hasAuthenticator)], context: context, in: store, at: now)
            return .refused(.hasAuthenticator)
        }
        return .done(Opening(application: application.id, user: user.id))
    }

    private func dispatch(
        to number: PhoneNumber, _ opening: Opening, _ origin: RequestOrigin, at now: Instant
    ) -> CodeDispatch {
        CodeDispatch(
            user: opening.user, application: opening.application, budget: opening.application, number: number,
            purpose: .number, isForBrowser: false, origin: origin, now: now)
    }
}

/// Who opens whose account.
private struct Opening: Sendable {
    let application: ApplicationID
    let user: UserID
}

/// What a step of an application came to.
package enum NumberCheckStep<Value: Sendable>: Sendable {
    case done(Value)
    case refused(NumberCheckRefusal)
}

package enum NumberCheckRefusal: Hashable, Sendable {
    /// The application may know: it opens the accounts.
    case noSuchUser
    /// The user has something to log in with, or had: the account is open.
    case hasAuthenticator
    /// No such attempt of this application for this user, or it is over.
    case over
}

extension AuthenticatorStatus {
    /// Whether nobody could ever log in with it.
    fileprivate var isBeforeActivation: Bool {
        switch self {
        case .ordered, .shipped, .cancelled: true
        case .active, .disabled, .blocked, .lost, .returned, .removed: false
        }
    }
}
