internal import Authenticators
internal import Identifiers
internal import Identity
internal import Storage
internal import Time

extension FlowEnvironment {
    /// Tells a user of his card, in the transaction of the change.
    ///
    /// - Parameter address: where the request came from.
    func tell(
        _ notice: CardNotice, of card: StoredCard, from address: String?, in store: StoreTransaction, at now: Instant
    ) throws {
        var details = NoticeDetails(authenticator: card.summary.label, address: address)
        if case .shipped(let shipment) = card.life.state(at: now) { details.until = shipment.activateBy }
        try self.tell(card.user, notice.kind, details, in: store, at: now)
    }
}

extension CardNotice {
    var kind: NoticeKind {
        switch self {
        case .ordered: .authenticatorOrdered
        case .shipped, .activationExtended: .authenticatorShipped
        case .activated: .authenticatorAdded
        case .blocked: .authenticatorBlocked
        case .unblocked: .authenticatorUnblocked
        case .pinChanged: .pinChanged
        case .pinSet: .pinSet
        case .lost, .returned, .cancelled: .authenticatorRemoved
        }
    }
}
