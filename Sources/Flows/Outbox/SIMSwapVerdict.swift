internal import Audit
package import Channels
internal import Identity
internal import Outbox
internal import Storage
internal import Time

/// What the operator's service said of a number, directly before a code would go there.
package enum SIMSwapVerdict: Hashable, Sendable {
    /// There is no such service, or the message holds no code.
    case notAsked
    case clear
    /// The number got another SIM card of late: whoever reads the code may not be the user.
    case swapped
    /// The service was down, slow, or said nothing that can be read.
    ///
    /// - goesOn: whether the code goes all the same.
    case unanswered(goesOn: Bool)

    /// Why nothing is handed over; nil where the message goes.
    package var fault: DeliveryFault? {
        switch self {
        case .notAsked, .clear, .unanswered(goesOn: true): nil
        case .swapped: DeliveryFault(.simSwapped, "")
        case .unanswered(goesOn: false): DeliveryFault(.unchecked, "")
        }
    }
}

extension OutboxFlow {
    /// Writes down what was said, and tells the user once a day that a code was kept back for his own number: one that is
    /// only typed may be anybody's, and is nobody else's business.
    func note(_ verdict: SIMSwapVerdict, on message: StoredMessage, in store: StoreTransaction, at now: Instant) throws
    {
        guard let note = verdict.note else { return }
        let context = AuditContext(
            user: message.user, login: message.login, actor: "delivery",
            explanation: "\(message.template.rawValue) \(message.channel.rawValue)")
        try self.environment.record([note], context: context, in: store, at: now)
        guard verdict == .swapped, message.template.codePurpose == .login, let user = message.user else { return }
        let isTold = try store.notices.newest(20, of: user).contains {
            $0.kind == .codeWithheld && now - $0.at < .hours(24)
        }
        if !isTold { try self.environment.tell(user, .codeWithheld, in: store, at: now) }
    }
}

extension SIMSwapVerdict {
    fileprivate var note: AuditNote? {
        switch self {
        case .notAsked, .clear: nil
        case .swapped: AuditNote(.simSwapChecked, .failure, reason: .simSwapped)
        case .unanswered(let goesOn):
            AuditNote(.simSwapChecked, goesOn ? .information : .failure, reason: .noAnswer)
        }
    }
}
