internal import Audit
internal import Flows
internal import HTTPEdge
internal import Identifiers
internal import Logging
internal import SQL
internal import Synchronization
internal import Telemetry

/// What one server counts, beside requests: logins, factors, alarms, passwords, the store, the process.
final class ServerMetrics: Sendable {
    let registry = MetricRegistry()
    private let logger: Logger
    private let entries: Counter
    private let logins: Counter
    private let passwords: Counter
    private let factors: Counter
    private let alarms: Counter

    init(logger: Logger) throws(MetricError) {
        self.logger = logger
        self.entries = try self.registry.counter(
            "countersign_audit_entries_total", "Entries of the audit trail, by event and outcome.",
            labels: ["event", "outcome"])
        self.logins = try self.registry.counter(
            "countersign_logins_total",
            "Logins by door, and by what became of them: started, granted, refused, cancelled.",
            labels: ["door", "outcome"])
        self.passwords = try self.registry.counter(
            "countersign_password_checks_total", "Passwords checked, by result.", labels: ["result"])
        self.factors = try self.registry.counter(
            "countersign_factor_results_total", "Responses of second factors checked, by result.", labels: ["result"])
        self.alarms = try self.registry.counter(
            "countersign_alarms_total",
            "Alarms: more failures within an hour than the limit, by what they have in common; codes of logins, and of "
                + "numbers to be verified, whose receivers say that they did not ask for them; blocks of numbers, and the whole firm, where too few codes are used; "
                + "and codes kept back because a SIM card was changed.",
            labels: ["of"])
        for word in ["address", "application", "firm", "disowned", "block", "conversion", "sim_swap"] {
            self.alarms.add(0, word)
        }
        try ProcessMetrics.register(in: self.registry)
    }

    /// Counts what a transaction has put into the audit trail, after its commit.
    func note(_ entries: [AuditEntry]) {
        for entry in entries {
            let note = entry.note
            self.entries.add(1, note.event.rawValue, note.outcome.rawValue)
            switch note.event {
            case .loginStarted: self.count(login: "started")
            case .loginGranted: self.count(login: "granted")
            case .loginRefused: self.count(login: "refused")
            case .loginCancelled: self.count(login: "cancelled")
            case .passwordChecked: self.passwords.add(1, Self.result(note))
            case .responseChecked: self.factors.add(1, Self.result(note))
            case .sourceAlarm: self.raise(entry)
            case .loginDisowned:
                self.count(login: "refused")
                self.disowned("a user did not ask for the code of his login", entry)
            case .numberChecked where note.reason == .notRequested:
                self.disowned("somebody did not ask for the code that was to verify his number", entry)
            case .blockStopped: self.raise("block", "a block of numbers was stopped: too few codes are used", entry)
            case .conversionFell: self.raise("conversion", "too few of the firm's codes are used", entry)
            case .simSwapChecked where note.reason == .simSwapped:
                self.raise("sim_swap", "a code was kept back: the number's SIM card was changed", entry)
            default: break
            }
        }
    }

    private func count(login outcome: String) { self.logins.add(1, RequestDoor.current, outcome) }

    private static func result(_ note: AuditNote) -> String { note.reason?.rawValue ?? note.outcome.rawValue }

    private func raise(_ entry: AuditEntry) {
        let of = entry.note.reason?.rawValue ?? "unknown"
        self.alarms.add(1, of)
        self.logger.warning(
            "alarm: failures from one source reached the limit",
            metadata: [
                "of": "\(of)", "address": "\(entry.context.address ?? "none")",
                "application": "\(entry.context.application?.text ?? "none")",
                "request_id": "\(entry.context.request?.text ?? "none")",
            ])
    }

    /// Whoever received a code says that he did not ask for it. Of a login's code: somebody knows his password.
    private func disowned(_ words: String, _ entry: AuditEntry) {
        self.alarms.add(1, "disowned")
        self.logger.warning(
            "alarm: \(words)",
            metadata: [
                "user": "\(entry.context.user?.text ?? "none")", "login": "\(entry.context.login?.text ?? "none")",
                "application": "\(entry.context.application?.text ?? "none")",
            ])
    }

    /// About codes on their way.
    private func raise(_ of: String, _ words: String, _ entry: AuditEntry) {
        self.alarms.add(1, of)
        self.logger.warning(
            "alarm: \(words)",
            metadata: [
                "what": "\(entry.context.explanation ?? "none")", "user": "\(entry.context.user?.text ?? "none")",
                "login": "\(entry.context.login?.text ?? "none")",
            ])
    }

    func register(_ checker: PasswordChecker) throws(MetricError) {
        try self.registry.gauge("countersign_password_queue_running", "Passwords being hashed now.") {
            Double(checker.load.running)
        }
        try self.registry.gauge("countersign_password_queue_waiting", "Password checks that wait for a processor.") {
            Double(checker.load.waiting)
        }
        try self.registry.readCounter(
            "countersign_password_queue_refusals_total", "Password checks turned away because the queue was full."
        ) {
            Double(checker.load.refused)
        }
    }
}
