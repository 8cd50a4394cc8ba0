internal import Audit
internal import Authenticators
internal import Identifiers
internal import Login
internal import OTP
internal import Sessions
internal import Storage
internal import Time

/// An answer to a task, with all that it needs locked: the user's counts, the card, the task, in this order.
struct CardTaskAnswer {
    let store: StoreTransaction
    let attempt: CardAttempt
    let session: Session
    let locked: LockedCard
    let stored: StoredCard
    let task: StoredCardTask

    func waiting(_ notice: CardTaskNotice) -> CardStep {
        .waiting(CardTaskView(self.task.id, self.task.card, self.task.task, notice: notice))
    }
}

/// What a response was worth.
enum CheckedResponse {
    case right(FactorEvidence)
    /// What to say instead of going on.
    case notYet(CardStep)
}

/// What the steps with a card in hand share, inside one transaction.
extension CardFlow {
    func begin(
        _ task: CardTask, _ challenge: CardChallenge, on card: AuthenticatorID, by session: Session,
        in store: StoreTransaction
    ) throws -> CardTaskView {
        let id: CardTaskID = self.environment.id(at: self.environment.now())
        try store.cardTasks.add(task, id: id, card: card, session: session.id, expires: challenge.expires)
        return CardTaskView(id, card, task)
    }

    /// A fresh challenge, unless the card or its user is blocked, or was challenged too often in this hour.
    func challenge(_ card: LockedCard, in store: StoreTransaction, _ attempt: CardAttempt) throws -> CardChallenge {
        if let until = self.login.block(of: card, at: attempt.now) { throw CardRefusal.blocked(until: until) }
        let challenge = try self.login.challenge(card, in: store, at: attempt.now)
        let note = AuditNote(.challengeIssued, .information, authenticator: card.summary.id)
        let context = attempt.actor.context(attempt.origin, for: card.user)
        try self.environment.record([note], context: context, in: store, at: attempt.now)
        return challenge
    }

    /// Runs a step of a task of this session. Of two answers at once the second waits for the first, and finds the task
    /// moved on.
    func answer(
        _ id: CardTaskID, _ event: AuditEvent, for proof: CardProof, by session: Session, origin: RequestOrigin,
        _ step: @escaping @Sendable (CardTaskAnswer) throws -> CardStep
    ) async throws -> CardStep {
        let result = try await self.attempt(event, by: .user(session), origin: origin) { store, attempt in
            let current = try self.weigh(session, for: proof, in: store, at: attempt.now)
            guard let found = try store.cardTasks.find(id), found.session == current.id else {
                throw CardRefusal.movedOn
            }
            try current.requireHold(allows: found.card)
            let (locked, stored) = try self.lock(found.card, of: current.user, in: store)
            guard let task = try store.cardTasks.lock(id) else { throw CardRefusal.movedOn }
            let answer = CardTaskAnswer(
                store: store, attempt: attempt, session: current, locked: locked, stored: stored, task: task)
            return try step(answer)
        }
        return CardStep(result)
    }

    /// Looks at expiry first; what cannot be a response is not counted; then counts the try, compares, and saves the
    /// counts. Nothing may be thrown after the count but what leaves it standing.
    func check(
        _ typed: String, _ challenge: CardChallenge, under pin: OCRAPIN? = nil, _ answer: CardTaskAnswer
    ) throws -> CheckedResponse {
        let now = answer.attempt.now
        guard now < challenge.expires else { throw CardRefusal.challengeExpired }
        try self.requireAnswerable(answer)
        let response: CardResponse
        do throws(TypedDigitsError) {
            response = try CardResponse(typed, for: answer.locked.suite)
        } catch {
            return .notYet(answer.waiting(CardTaskNotice(error)))
        }
        if let until = answer.locked.block(at: now) { throw CardRefusal.blocked(until: until) }
        let result = try self.login.compare(
            response, challenge, under: pin?.hash, card: answer.locked, in: answer.store, at: now)
        return try self.conclude(result, answer)
    }

    /// A card may have been blocked, lost or run out since its task was begun.
    private func requireAnswerable(_ answer: CardTaskAnswer) throws {
        let state = answer.stored.life.state(at: answer.attempt.now)
        guard answer.stored.life.validity.contains(answer.attempt.now) else { throw CardRefusal.outsideItsDates }
        switch (state, answer.task.task) {
        case (.shipped, .activating), (.active, .provingOldPIN), (.active, .choosingPIN): break
        case (.overdue, .activating): throw CardRefusal.overdue
        case (.disabled, _): throw CardRefusal.disabled
        default: throw CardRefusal.notNow(state)
        }
    }

    private func conclude(_ result: ResponseResult, _ answer: CardTaskAnswer) throws -> CheckedResponse {
        switch result {
        case .right(let evidence):
            try self.record(.responseChecked, .success, nil, answer)
            return .right(evidence)
        case .wrong(let wrong):
            try self.record(.responseChecked, .failure, .wrongResponse, answer)
            try self.countFailure(answer)
            return .notYet(answer.waiting(.wrong(wrong)))
        case .blocked(let until):
            try self.record(.authenticatorBlocked, .failure, .blocked, answer)
            try self.finish(answer, by: .ended)
            try self.countFailure(answer)
            return .notYet(.refused(.blocked(until: until)))
        case .disabled:
            _ = try self.advance(answer.stored, by: .disabled, in: answer.store, answer.attempt)
            try self.finish(answer, by: .ended)
            try self.countFailure(answer)
            return .notYet(.refused(.disabled))
        case .tooLate: throw CardRefusal.challengeExpired
        // Cards are lost or returned, and refused before anything is compared.
        case .removed: throw CardRefusal.movedOn
        }
    }

    func finish(_ answer: CardTaskAnswer, by event: CardTaskEvent) throws {
        var task = answer.task.task
        do throws(CardTaskError) {
            try task.handle(event)
        } catch { throw CardRefusal.movedOn }
        try answer.store.cardTasks.save(task, over: answer.task)
    }

    /// The old PIN is proven. When no further challenge is to be had now, the user begins again later.
    func askForNewPIN(
        _ answer: CardTaskAnswer, _ evidence: FactorEvidence, notice: CardTaskNotice? = nil
    ) throws -> CardStep {
        let next: CardChallenge
        do {
            next = try self.challenge(answer.locked, in: answer.store, answer.attempt)
        } catch let refusal as CardRefusal {
            try self.finish(answer, by: .ended)
            return .refused(refusal)
        }
        var task = answer.task.task
        do throws(CardTaskError) {
            try task.handle(.proven(evidence, next: next))
        } catch { throw CardRefusal.movedOn }
        try answer.store.cardTasks.save(task, over: answer.task)
        return .waiting(CardTaskView(answer.task.id, answer.task.card, task, notice: notice))
    }

    /// The new PIN, or why it cannot be. Whether it is the old one is asked when a response under it was right (``isOld(_:_:)``).
    func chosen(_ new: NewCardPIN, _ answer: CardTaskAnswer) throws -> Result<OCRAPIN, CardTaskNotice> {
        guard new.pin == new.repeatedPIN else { return .failure(.pinsDiffer) }
        let pin: CardPIN
        do throws(CardPINError) {
            pin = try CardPIN(new.pin, policy: answer.locked.pinPolicy)
        } catch { return .failure(.pin(error)) }
        return .success(try pin.hash(for: answer.locked.suite))
    }

    /// To be asked only of a PIN under which a response was right: said of whatever is typed, it would find the PIN for whoever
    /// sits at an open session, without the card and without a count.
    func isOld(_ pin: OCRAPIN, _ answer: CardTaskAnswer) throws -> Bool {
        try answer.store.cards.open(answer.locked).has(pin)
    }

    private func record(
        _ event: AuditEvent, _ outcome: AuditOutcome, _ reason: AuditReason?, _ answer: CardTaskAnswer
    ) throws {
        let note = AuditNote(event, outcome, reason: reason, authenticator: answer.task.card)
        let context = answer.attempt.actor.context(answer.attempt.origin, for: answer.locked.user)
        try self.environment.record([note], context: context, in: answer.store, at: answer.attempt.now)
    }

    private func countFailure(_ answer: CardTaskAnswer) throws {
        let context = AuditContext(answer.attempt.origin, user: answer.locked.user)
        try self.login.countFailure(
            context, origin: answer.attempt.origin, in: answer.store, at: answer.attempt.now)
    }
}

/// A notice can stand in for a PIN that was not taken.
extension CardTaskNotice: Error {
    init(_ error: TypedDigitsError) {
        self =
            switch error {
            case .missing: .responseMissing
            case .malformed(let digits): .responseMalformed(digits: digits)
            }
    }
}
