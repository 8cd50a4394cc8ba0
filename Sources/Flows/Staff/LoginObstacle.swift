package import Authenticators
internal import Identifiers
internal import Identity
package import Time

/// One thing that keeps a user from logging in. What keeps one authenticator from answering is named where none answers.
package enum LoginObstacle: Hashable, Sendable {
    case userDisabled
    case noPassword
    /// Browsers that the user never completed a login in are turned away until then.
    case passwordLocked(until: Instant)
    /// Too many wrong ones over all: it must be set anew.
    case passwordMustBeSet
    case noActiveAuthenticator
    /// Wrong answers, counted over all authenticators.
    case responsesBlocked(until: Instant)
    /// Too many wrong activation codes were tried with the name: the one that he has is not taken until then.
    case activationBlocked(until: Instant)
    case authenticator(AuthenticatorSummary, AuthenticatorObstacle)
}

/// What keeps an authenticator from answering at a login.
package enum AuthenticatorObstacle: Hashable, Sendable {
    /// It is not active.
    case unusable(AuthenticatorStatus)
    /// Its maker says so.
    case notYet(from: Instant)
    case over(since: Instant)
    /// By its own wrong answers.
    case blocked(until: Instant)
    case challengedTooOften(until: Instant)
    /// Somebody else knows the PIN: a login on the server's own pages leads to its change, every other is refused.
    case pinMustChange
    case codes(CodeObstacle)
}

/// What keeps login codes from a telephone number.
package enum CodeObstacle: Hashable, Sendable {
    /// The user can use something else, and by the firm's policy that ends them.
    case ended
    /// Nothing goes to the block of numbers that it is in; nil: until the staff resumes it.
    case stopped(until: Instant?)
    /// The last one did not go, since the number got another SIM card of late.
    case withheld
    /// As many as may go to this number.
    case numberLimit(until: Instant)
    /// The firm has no way to it, or sends nothing to its country.
    case notThere
}

/// What is looked at to say why a login would fail.
struct LoginStanding {
    let user: User
    let factors: FactorStanding
    let password: PasswordThrottle
    let authenticators: [AuthenticatorStanding]
    /// Of each number to which no codes go.
    let codes: [AuthenticatorID: CodeObstacle]
    /// Until when a code to set the password is kept from a user who has one.
    let activationBlock: Instant?
    let limits: LoginLimits
    let now: Instant

    var obstacles: [LoginObstacle] {
        var found: [LoginObstacle] = []
        if self.user.status == .disabled { found.append(.userDisabled) }
        if !self.factors.hasPassword { found.append(.noPassword) }
        if self.password.failures >= self.limits.password.total { found.append(.passwordMustBeSet) }
        if let until = self.password.lockEnd(limits: self.limits.password, at: self.now) {
            found.append(.passwordLocked(until: until))
        }
        if self.usable.isEmpty { found.append(.noActiveAuthenticator) }
        if let until = self.factors.throttle.block(at: self.now) { found.append(.responsesBlocked(until: until)) }
        if let until = self.activationBlock { found.append(.activationBlocked(until: until)) }
        return found + self.ofAuthenticators
    }

    /// As a login sees it: `CardRepository.active(of:at:)`.
    private var usable: [AuthenticatorSummary] {
        self.authenticators.filter { $0.isUsable(at: self.now) }.map(\.summary)
    }

    /// Nothing where one of those that a login offers answers. What is gone for good is no news.
    private var ofAuthenticators: [LoginObstacle] {
        let offered = Set(self.limits.codes.offered(self.usable))
        let all = self.authenticators.map { ($0, self.obstacle(of: $0, isOffered: offered.contains($0.summary))) }
        guard !all.contains(where: { $0.1 == nil }) else { return [] }
        return all.compactMap { standing, obstacle in
            guard let obstacle, !standing.status.isOver else { return nil }
            return .authenticator(standing.summary, obstacle)
        }
    }

    private func obstacle(of standing: AuthenticatorStanding, isOffered: Bool) -> AuthenticatorObstacle? {
        guard standing.status == .active else { return .unusable(standing.status) }
        if let until = standing.throttle.block(at: self.now) { return .blocked(until: until) }
        if let card = standing.card { return self.obstacle(of: card) }
        return isOffered ? self.codes[standing.summary.id].map { .codes($0) } : .codes(.ended)
    }

    private func obstacle(of card: CardStanding) -> AuthenticatorObstacle? {
        if let start = card.validity.start, self.now < start { return .notYet(from: start) }
        if let end = card.validity.end, card.validity.isOver(at: self.now) { return .over(since: end) }
        if let until = card.challengeCount.rest(after: self.limits.challengesAnHour, at: self.now) {
            return .challengedTooOften(until: until)
        }
        return card.pinMustChange ? .pinMustChange : nil
    }
}

extension AuthenticatorStatus {
    /// Whether the user has it no more.
    fileprivate var isOver: Bool {
        switch self {
        case .returned, .cancelled, .removed: true
        case .active, .disabled, .ordered, .shipped, .blocked, .lost: false
        }
    }
}
