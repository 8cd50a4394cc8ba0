internal import Audit
internal import Authenticators
internal import Identifiers
internal import Outbox
internal import Storage
internal import Time

extension PhoneFlow {
    /// Takes the code that was typed for an attempt that is not over. The right one makes the number the user's.
    func take(
        _ typed: String, _ stored: StoredNumberCheck, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> NumberCheckEnd {
        let dispatch = self.dispatch(to: stored.number, for: stored.user, origin: origin, at: now)
        let view = try self.view(stored.check.challenge, dispatch, in: store)
        let code: TypedCode
        do throws(TypedDigitsError) {
            code = try TypedCode(typed)
        } catch {
            return .again(view, LoginNotice(error))
        }
        var check = stored.check
        let answer = check.answer(code, codes: stored.codes, at: now)
        try store.save(check, over: stored, at: now)
        let note = AuditNote(.numberChecked, answer == .right ? .success : .failure, reason: answer.reason)
        let context = AuditContext(origin, user: stored.user, application: stored.asker.application)
        try self.environment.record([note], context: context, in: store, at: now)
        switch answer {
        case .right:
            try self.bind(stored, in: store, origin: origin, at: now)
            try self.login.countUsed(check.challenge.id, for: .number, of: stored.number, in: store)
            return .bound
        case .wrong(let left, let isOlder): return .wrong(view, triesLeft: left, isOlderCode: isOlder)
        case .nothingSent: return .again(view, .nothingSentYet)
        case .over: return .over
        }
    }
}

extension NumberAnswer {
    fileprivate var reason: AuditReason? {
        switch self {
        case .right: nil
        case .wrong(_, isOlderCode: true): .olderCode
        case .wrong(_, isOlderCode: false), .over, .nothingSent: .wrongResponse
        }
    }
}

extension NumberCheckAsker {
    var application: ApplicationID? {
        guard case .application(let id) = self else { return nil }
        return id
    }

    var session: SessionID? {
        guard case .session(let id) = self else { return nil }
        return id
    }
}
