internal import Authenticators
internal import Identifiers
internal import SQL

extension CardRepository {
    /// Unties a card that was never sent from its user: nothing of it is left here but what the audit trail and the notices
    /// say. Lock the card before, and forget its life.
    ///
    /// - Returns: the card as it goes back into the stock. The PIN of its maker was forgotten when somebody chose another,
    ///   and may have been sent: it does not go back.
    package func release(_ card: LockedCard) throws -> StockCard {
        let (id, key) = (card.summary.id.bytes, try self.key(of: card))
        let rows = try self.connection.query(
            "DELETE FROM security_card WHERE authenticator_id = \(id) RETURNING serial")
        guard let serial = try rows.first?.text("serial") else { throw SQLError.conflict }
        _ = try self.connection.execute("DELETE FROM authenticator WHERE id = \(id)")
        return StockCard(
            serial: serial, suite: card.suite, key: key, pinHash: nil, pinPolicy: card.pinPolicy,
            validity: card.validity)
    }
}
