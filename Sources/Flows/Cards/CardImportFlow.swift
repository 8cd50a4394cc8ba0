internal import Audit
package import Identifiers
internal import Storage
internal import Time

/// Brings cards into the stock.
package struct CardImportFlow: Sendable {
    private let environment: FlowEnvironment

    package init(environment: FlowEnvironment) { self.environment = environment }

    /// Adds all cards in one transaction, in statements of 500 rows: interrupted, it adds none.
    ///
    /// - Throws: ``CardImportError``; then nothing was added.
    package func add(
        _ batch: CardImport, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CardBatchID {
        let now = self.environment.now()
        let checked = try CheckedImport(batch, at: now)
        let id: CardBatchID = self.environment.id(at: now)
        return try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            let existing = try Self.existing(checked, in: store)
            guard existing.isEmpty else { throw CardImportError.refused(existing) }
            try store.cardStock.add(batch: id, source: checked.source, cards: checked.cards.count, at: now)
            for range in checked.ranges {
                try store.cardStock.add(Array(checked.cards[range]), batch: id)
            }
            let context = AuditContext(origin, by: action, for: nil)
            try self.environment.record([AuditNote(.cardsImported, .success)], context: context, in: store, at: now)
            return id
        }
    }

    private static func existing(
        _ checked: CheckedImport, in store: StoreTransaction
    ) throws -> [CardImportRefusal] {
        var refusals: [CardImportRefusal] = []
        for range in checked.ranges where refusals.count < CardImportError.mostRefusals {
            let known = try store.cardStock.known(checked.cards[range].map(\.serial))
            guard !known.isEmpty else { continue }
            refusals += checked.original[range].filter { known.contains($0.serial) }
                .map { CardImportRefusal($0, .exists) }
        }
        return Array(refusals.prefix(CardImportError.mostRefusals))
    }
}
