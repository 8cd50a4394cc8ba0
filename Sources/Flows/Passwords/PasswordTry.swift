internal import Audit
internal import Identifiers
internal import Identity
internal import PasswordHashing
internal import Storage
internal import Time

/// One try of a password, wherever somebody is asked for one: at the login, and where he changes it.
struct PasswordTry: Sendable {
    let admission: PasswordAdmission
    /// nil for a name that nobody has.
    let user: User?
    /// What it brings, if it is wrong.
    let consequence: PasswordConsequence?
    private let password: StoredPassword?

    init(
        _ admission: PasswordAdmission, _ user: User?, _ password: StoredPassword?, _ consequence: PasswordConsequence?
    ) {
        self.admission = admission
        self.user = user
        self.password = password
        self.consequence = consequence
    }

    /// What is compared: nothing of a name that is locked, so that its password is not tried.
    var stored: StoredPassword? {
        guard case .admitted = self.admission else { return nil }
        return self.password
    }

    /// Why it was refused.
    var reason: AuditReason {
        switch (self.admission, self.user?.status) {
        case (.locked, _): .passwordLocked
        case (.mustBeSetAnew, _): .passwordMustBeSet
        case (.admitted, nil): .noSuchUser
        case (.admitted, .disabled): .userDisabled
        case (.admitted, .active): .wrongCredentials
        }
    }
}

extension LoginFlow {
    /// Counts the try, before anything is compared. For a name that nobody has the same statements are made.
    func countTry(
        of name: UserName, device: [UInt8]?, in store: StoreTransaction, at now: Instant
    ) throws -> PasswordTry {
        let limits = self.limits.password
        var (throttle, known) = try store.passwordThrottles.lock(name, device: device, at: now)
        let admission = throttle.begin(device: &known, limits: limits, at: now)
        try store.passwordThrottles.save(
            throttle, device: device.flatMap { secret in known.map { (secret, $0) } }, for: name, at: now)
        let user = try store.users.find(name)
        let password = try store.users.password(of: user?.id ?? self.environment.id(at: now))
        var consequence: PasswordConsequence?
        if case .admitted(let ticket) = admission {
            consequence = throttle.consequence(of: ticket, limits: limits, at: now)
        }
        return PasswordTry(admission, user, password, consequence)
    }

    /// What a wrong try comes to, beside its answer: a warning, a lock, an alarm. For a name that nobody has the same
    /// statements are made, and tell nobody.
    ///
    /// - Parameter context: of the login, where there is one.
    func tryFailed(
        _ tried: PasswordTry, _ context: AuditContext, origin: RequestOrigin, in store: StoreTransaction,
        at now: Instant
    ) throws {
        if let consequence = tried.consequence {
            var named = context
            named.user = tried.user?.id
            try self.environment.record(consequence.notes, context: named, in: store, at: now)
            let details = NoticeDetails(until: consequence.until, address: origin.address)
            let user = tried.user?.id ?? self.environment.id(at: now)
            try self.environment.tell(user, consequence.notice, details, in: store, at: now)
        }
        try self.countFailure(context, origin: origin, in: store, at: now)
    }
}

extension PasswordConsequence {
    fileprivate var notice: NoticeKind {
        switch self {
        case .warned: .passwordWarned
        case .locked: .passwordLocked
        case .mustBeSetAnew: .passwordEnded
        }
    }

    fileprivate var notes: [AuditNote] {
        switch self {
        case .warned: []
        case .locked: [AuditNote(.passwordLocked, .failure, reason: .passwordLocked)]
        case .mustBeSetAnew: [AuditNote(.passwordLocked, .failure, reason: .passwordMustBeSet)]
        }
    }

    fileprivate var until: Instant? {
        guard case .locked(let end) = self else { return nil }
        return end
    }
}
