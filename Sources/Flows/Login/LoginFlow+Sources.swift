internal import Audit
internal import Identifiers
internal import Login
internal import Storage
internal import Time

extension LoginFlow {
    /// Counts a failure for where it came from, the application and the whole firm, and raises an alarm once an hour
    /// when one of them reaches its limit. These rows are shared by everybody, so they are locked last.
    func countFailure(
        _ stored: StoredLogin, origin: RequestOrigin, in store: StoreTransaction, at now: Instant
    ) throws {
        let context = AuditContext(origin, login: stored.id, application: stored.application)
        try self.countFailure(context, origin: origin, in: store, at: now)
    }

    /// The same for what no application asked for.
    func countFailure(
        _ context: AuditContext, origin: RequestOrigin, in store: StoreTransaction, at now: Instant
    ) throws {
        var alarms: [AuditNote] = []
        if let network = origin.network,
            try store.sources.count(.address(network), at: now) == self.limits.sources.perAddress
        {
            alarms.append(AuditNote(.sourceAlarm, .failure, reason: .address))
        }
        if let application = context.application,
            try store.sources.count(.application(application.bytes), at: now) == self.limits.sources.perApplication
        {
            alarms.append(AuditNote(.sourceAlarm, .failure, reason: .application))
        }
        if try store.sources.count(.firm, at: now) == self.limits.sources.firm {
            alarms.append(AuditNote(.sourceAlarm, .failure, reason: .firm))
        }
        try self.environment.record(alarms, context: context, in: store, at: now)
    }
}

extension ResponseResult {
    /// Whether it counts against its source: not a right answer, and not one that was only late.
    var isFailure: Bool {
        switch self {
        case .right, .tooLate, .removed: false
        case .wrong, .blocked, .disabled: true
        }
    }
}
