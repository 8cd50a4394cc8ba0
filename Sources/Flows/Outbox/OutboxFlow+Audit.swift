internal import Audit
internal import Outbox
internal import Storage
internal import Time

extension FlowEnvironment {
    /// Writes what happened to a message into the audit trail: by template, way and provider, never by what it says or where
    /// it goes.
    func record(
        _ effects: [MessageEffect], of message: StoredMessage, _ life: MessageLife, in store: StoreTransaction,
        at now: Instant
    ) throws {
        let notes = effects.compactMap { $0.note }
        guard !notes.isEmpty else { return }
        let provider = (life.provider ?? message.life.provider).map { " \($0)" } ?? ""
        let context = AuditContext(
            user: message.user, login: message.login, actor: "delivery",
            explanation: "\(message.template.rawValue) \(message.channel.rawValue)\(provider)")
        try self.record(notes, context: context, in: store, at: now)
    }
}

extension MessageEffect {
    fileprivate var note: AuditNote? {
        switch self {
        // That it arrived is in the statistics, and follows from the login.
        case .handOver, .tryAgain, .record(.delivered): nil
        case .record(.handedOver): AuditNote(.messageSent, .success)
        case .record(.failed): AuditNote(.messageSent, .failure, reason: .undelivered)
        case .record(.expired): AuditNote(.messageSent, .failure, reason: .expired)
        case .record(.contradicted): AuditNote(.messageSent, .information, reason: .contradicted)
        case .disowned: AuditNote(.messageDisowned, .failure)
        }
    }
}
