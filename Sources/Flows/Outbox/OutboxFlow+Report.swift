internal import Audit
package import Channels
internal import Identifiers
internal import Outbox
internal import Storage
internal import Time

/// What a report was good for.
package enum ReportResult: Hashable, Sendable {
    /// Its message is known.
    case taken
    /// No message has this name. It is kept for a day: the answer that gives the name may still be on its way.
    case kept
    /// It names nothing that a provider could have named.
    case refused
}

extension OutboxFlow {
    /// Takes what a provider says of a message that it has. Whoever calls has made sure that it is the provider.
    @discardableResult
    package func report(_ report: DeliveryReport, by provider: String) async throws -> ReportResult {
        guard let reference = DeliveryReport.plausible(report.reference) else { return .refused }
        let report = DeliveryReport(
            reference: reference, progress: report.progress, detail: report.detail.map(printable), at: report.at)
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let references = store.deliveryReferences
            guard
                let id = try references.message(reference, of: provider)
                    ?? references.keep(report, of: provider, at: now)
            else { return .kept }
            try self.apply(report, to: id, in: store, at: now)
            return .taken
        }
    }

    private func apply(
        _ report: DeliveryReport, to id: DeliveryID, in store: StoreTransaction, at now: Instant
    ) throws {
        let event = MessageEvent.reported(report.progress, detail: report.detail, at: report.at)
        if report.progress == .notRequested { try self.lockOwners(of: id, in: store) }
        guard let stored = try store.outbox.lock(id) else { return }
        var life = stored.life
        let effects = life.handle(event, at: now)
        guard life != stored.life else {
            return try self.environment.record(effects, of: stored, life, in: store, at: now)
        }
        try store.outbox.save(life, over: stored)
        try self.environment.record(effects, of: stored, life, in: store, at: now)
        if effects.contains(.disowned) { try self.disown(store, stored, now) }
    }

    /// A user is locked before his login, and both before what goes out for them.
    private func lockOwners(of message: DeliveryID, in store: StoreTransaction) throws {
        guard let found = try store.outbox.find(message) else { return }
        if let user = found.user { _ = try store.cardLives.lockUser(user) }
        if let login = found.login { _ = try store.logins.lock(login) }
    }
}

extension DeliveryReport {
    /// A name as providers give them: short, and visible.
    static func plausible(_ reference: String) -> String? {
        let isVisible = reference.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isVisible && (1...200).contains(reference.utf8.count) ? reference : nil
    }
}

extension DeliveryFault {
    var printable: DeliveryFault { DeliveryFault(self.kind, Flows.printable(self.detail)) }
}

/// Without control characters: it comes from outside, goes into the store and is shown.
private func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
}
