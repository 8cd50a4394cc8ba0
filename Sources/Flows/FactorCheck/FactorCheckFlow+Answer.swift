internal import Applications
package import Identifiers
package import Login
internal import Sessions
internal import Storage
internal import Time

extension FactorCheckFlow {
    /// Takes the answer. A right one ends the login in the same transaction, and gives what may be stated.
    package func respond(
        to ticket: LoginTicket, with typed: String, of claim: ApplicationClaim, origin: RequestOrigin
    ) async throws -> FactorCheckAnswer {
        let now = self.environment.now()
        let statement: StatementID = self.environment.id(at: now)
        return try await self.environment.store.write { store in
            let own: OwnCheck
            let checked: Result<ResponseResult, LoginNotice>
            var asked: LockedPhone?
            if let (stored, card, asker) = try store.logins.lockWithCard(ticket.id, askedBy: claim.clientID) {
                own = try self.own(stored, asker, ticket, claim, in: store)
                checked = try self.login.check(typed, for: own.stored, card: card, in: store, at: now)
            } else if let (stored, phone, asker) = try store.logins.lockWithPhone(ticket.id, askedBy: claim.clientID) {
                own = try self.own(stored, asker, ticket, claim, in: store)
                if let ended = try self.login.endCodes(to: phone, of: own.stored, in: store, origin: origin, at: now) {
                    return FactorCheckAnswer(view: ended)
                }
                checked = try self.login.check(typed, for: own.stored, phone: phone, in: store, at: now)
                asked = phone
            } else {
                let application = try claim.prove(in: store)
                let found = try self.login.owned(ticket, store.logins.find(ticket.id))
                let view = try self.login.view(found, in: store, at: now, notice: .movedOn)
                return FactorCheckAnswer(view: try self.own(view, application))
            }
            return try self.conclude(own, checked, of: asked, statement, in: store, origin: origin, at: now)
        }
    }

    private func conclude(
        _ own: OwnCheck, _ checked: Result<ResponseResult, LoginNotice>, of phone: LockedPhone?,
        _ statement: StatementID, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> FactorCheckAnswer {
        var login = own.stored.login
        let user = login.state.user
        let result: ResponseResult
        switch checked {
        case .failure(let notice): return FactorCheckAnswer(view: self.view(own, login, at: now, notice: notice))
        case .success(let answer): result = answer
        }
        var effects = try login.handle(.responseChecked(result), at: now)
        if case .granted = login.state { effects += try login.handle(.finished, at: now) }
        try self.login.record(effects, of: own.stored, user: user, in: store, origin: origin, at: now)
        try store.save(login, over: own.stored, at: now)
        if result.isFailure { try self.login.countFailure(own.stored, origin: origin, in: store, at: now) }
        if let phone { try self.login.countUsed(result, of: phone, for: own.stored, in: store, at: now) }
        return FactorCheckAnswer(
            view: self.view(own, login, at: now), granted: effects.grant, statement: statement)
    }

    private func own(
        _ stored: StoredLogin, _ asker: Application, _ ticket: LoginTicket, _ claim: ApplicationClaim,
        in store: StoreTransaction
    ) throws -> OwnCheck {
        let application = try claim.prove(asker, in: store)
        let own = try self.login.owned(ticket, stored)
        guard own.application == application.id, case .factorCheck = own.purpose else { throw FlowError.noSuchLogin }
        return OwnCheck(stored: own, application: application)
    }

    private func view(_ own: OwnCheck, _ login: Login, at now: Instant, notice: LoginNotice? = nil) -> LoginView {
        LoginView(
            id: own.stored.id, application: own.application, purpose: .factorCheck, state: login.state(at: now),
            deadline: login.deadline, at: now, notice: notice)
    }
}

/// A factor check of the application that asks.
private struct OwnCheck {
    let stored: StoredLogin
    let application: Application
}

/// Where the login stands after an answer and, when it was right, what may be stated about it, under which name.
package struct FactorCheckAnswer: Sendable {
    package let view: LoginView
    package let granted: Granted?
    package let statement: StatementID?

    init(view: LoginView, granted: Granted? = nil, statement: StatementID? = nil) {
        self.view = view
        self.granted = granted
        self.statement = granted == nil ? nil : statement
    }
}
