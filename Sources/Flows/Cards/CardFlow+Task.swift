internal import Audit
internal import Authenticators
package import Identifiers
internal import Login
internal import OTP
package import Sessions
internal import Storage
internal import Time

/// What takes a card in hand: the first response, and a change of the PIN. The responses are counted with those of the
/// login, and the challenges come from the same history.
extension CardFlow {
    /// Shows the challenge whose response activates the card. A session without a second factor may do this, and nothing
    /// else.
    package func startActivation(
        of card: AuthenticatorID, by session: Session, origin: RequestOrigin
    ) async throws -> CardStep {
        let started = try await self.attempt(
            .cardActivated, on: card, by: .user(session), origin: origin
        ) { store, attempt in
            let current = try self.weigh(session, for: .session, in: store, at: attempt.now)
            let (locked, stored) = try self.lock(card, of: current.user, in: store)
            switch stored.life.state(at: attempt.now) {
            case .shipped: break
            case .overdue: throw CardRefusal.overdue
            case let state: throw CardRefusal.notNow(state)
            }
            guard stored.life.validity.contains(attempt.now) else { throw CardRefusal.outsideItsDates }
            let challenge = try self.challenge(locked, in: store, attempt)
            return try self.begin(.activating(challenge), challenge, on: card, by: current, in: store)
        }
        return CardStep(started.map(CardStep.waiting))
    }

    /// Takes the first response, under the PIN that was chosen with the order.
    package func activate(
        _ task: CardTaskID, with typed: String, by session: Session, origin: RequestOrigin
    ) async throws -> CardStep {
        try await self.answer(task, .cardActivated, for: .session, by: session, origin: origin) { answer in
            guard case .activating(let challenge) = answer.task.task else { throw CardRefusal.movedOn }
            let evidence: FactorEvidence
            switch try self.check(typed, challenge, answer) {
            case .right(let proof): evidence = proof
            case .notYet(let step): return step
            }
            try self.finish(answer, by: .answered(evidence))
            let strength = BindingStrength(answer.session.authentication)
            let event = CardEvent.activated(evidence, answering: challenge.id, by: strength)
            return .done(try self.advance(answer.stored, by: event, in: answer.store, answer.attempt))
        }
    }

    /// Shows the challenge for the response under the old PIN.
    package func startPINChange(
        of card: AuthenticatorID, by session: Session, origin: RequestOrigin
    ) async throws -> CardStep {
        let started = try await self.attempt(
            .pinChanged, on: card, by: .user(session), origin: origin
        ) { store, attempt in
            let current = try self.weigh(session, for: .pinChange(isBegun: false), in: store, at: attempt.now)
            try current.requireHold(allows: card)
            let (locked, stored) = try self.lock(card, of: current.user, in: store)
            let state = stored.life.state(at: attempt.now)
            guard case .active = state else { throw CardRefusal.notNow(state) }
            guard stored.life.validity.contains(attempt.now) else { throw CardRefusal.outsideItsDates }
            let challenge = try self.challenge(locked, in: store, attempt)
            return try self.begin(.provingOldPIN(challenge), challenge, on: card, by: current, in: store)
        }
        return CardStep(started.map(CardStep.waiting))
    }

    /// Takes the response under the old PIN, and shows the challenge for the one under the new.
    package func proveOldPIN(
        _ task: CardTaskID, with typed: String, by session: Session, origin: RequestOrigin
    ) async throws -> CardStep {
        try await self.answer(task, .pinChanged, for: .pinChange(isBegun: true), by: session, origin: origin) {
            answer in
            guard case .provingOldPIN(let challenge) = answer.task.task else { throw CardRefusal.movedOn }
            switch try self.check(typed, challenge, answer) {
            case .notYet(let step): return step
            case .right(let evidence):
                return try self.askForNewPIN(answer, evidence)
            }
        }
    }

    /// Takes the new PIN, twice, and the response under it.
    package func changePIN(
        _ task: CardTaskID, to new: NewCardPIN, by session: Session, origin: RequestOrigin
    ) async throws -> CardStep {
        try await self.answer(task, .pinChanged, for: .pinChange(isBegun: true), by: session, origin: origin) {
            answer in
            guard case .choosingPIN(let challenge) = answer.task.task else { throw CardRefusal.movedOn }
            guard answer.attempt.now < challenge.expires else { throw CardRefusal.challengeExpired }
            let pin: OCRAPIN
            switch try self.chosen(new, answer) {
            case .success(let chosen): pin = chosen
            case .failure(let notice): return answer.waiting(notice)
            }
            let evidence: FactorEvidence
            switch try self.check(new.response, challenge, under: pin, answer) {
            case .right(let proof): evidence = proof
            case .notYet(let step): return step
            }
            guard try !self.isOld(pin, answer) else {
                return try self.askForNewPIN(answer, evidence, notice: .pinIsTheOldOne)
            }
            try self.finish(answer, by: .answered(evidence))
            let event = CardEvent.pinChanged(evidence, answering: challenge.id)
            let view = try self.advance(answer.stored, by: event, in: answer.store, answer.attempt)
            try answer.store.cards.replacePIN(of: answer.locked, by: pin.hash)
            if answer.session.hold != nil { try answer.store.sessions.release(answer.session.id) }
            return .done(view)
        }
    }

    /// A task as it stands, for the session that began it: a page that is loaded again draws no new challenge.
    package func task(_ id: CardTaskID, by session: Session) async throws -> CardTaskView? {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            guard let found = try store.cardTasks.find(id), found.session == session.id,
                let challenge = found.task.challenge, now < challenge.expires
            else { return nil }
            return CardTaskView(found.id, found.card, found.task)
        }
    }
}

/// What a user types when he changes the PIN of his card.
package struct NewCardPIN: Sendable {
    package let pin: String
    package let repeatedPIN: String
    package let response: String

    package init(pin: String, repeatedPIN: String, response: String) {
        self.pin = pin
        self.repeatedPIN = repeatedPIN
        self.response = response
    }
}

extension NewCardPIN: CustomStringConvertible, CustomReflectable {
    package var description: String { "NewCardPIN(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension CardStep {
    init(_ result: Result<CardStep, CardRefusal>) {
        switch result {
        case .success(let step): self = step
        case .failure(let refusal): self = .refused(refusal)
        }
    }
}
