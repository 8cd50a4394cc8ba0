internal import Audit
internal import Identifiers
internal import Identity
internal import PasswordHashing
internal import Storage
internal import Time

/// A password that is to be set, and what it is said to be.
struct PasswordSetting: Sendable {
    let user: User
    let hash: PasswordHash
    let event: AuditEvent
    let notice: NoticeKind
    var authenticator: AuthenticatorID?
    /// The session that goes on: the one in which it is changed.
    var keeping: SessionID?
}

extension FlowEnvironment {
    /// Sets a password. Whatever the old one opened ends: sessions, what applications got in them, logins under way
    /// (`LoginFlow.finish`), known browsers, codes to set it, attempts to recover it. What was counted against the old one
    /// counts no more.
    ///
    /// Locks the name's password counts, then the user: before anything of the user is locked.
    func set(_ setting: PasswordSetting, in store: StoreTransaction, origin: RequestOrigin, at now: Instant) throws {
        let user = setting.user
        var (throttle, _) = try store.passwordThrottles.lock(user.name, device: nil, at: now)
        throttle.setAnew()
        try store.passwordThrottles.save(throttle, device: nil, for: user.name, at: now)
        try store.users.setPassword(setting.hash, of: user.id, at: now)
        // After the user's row: a login that ends holds that when it makes a browser known.
        try store.passwordThrottles.forgetDevices(of: user.name)
        for code in try store.activationCodes.live(of: user.id, at: now) {
            _ = try store.activationCodes.cancel(code.id, at: now)
        }
        try store.endRecoveries(of: user.id, at: now)
        try self.endSessions(
            of: user.id, except: setting.keeping, reason: .passwordChanged, in: store, origin: origin, at: now)
        let note = AuditNote(setting.event, .success, authenticator: setting.authenticator)
        try self.record([note], context: AuditContext(origin, user: user.id), in: store, at: now)
        try self.tell(user.id, setting.notice, NoticeDetails(address: origin.address), in: store, at: now)
    }
}
