package import Time

/// Where one card stands in its life. The names are schema.
package enum CardState: Hashable, Sendable {
    /// Nobody's yet.
    case stock
    case ordered
    case shipped(CardShipment)
    /// Shipped, and its time is over: the user must activate it, which takes the staff's help, or return it. Nobody saves
    /// this state; time makes it.
    case overdue(CardShipment)
    case active
    case blocked(CardBlock)
    /// Too many wrong answers: it must be bound again.
    case disabled
    case lost
    case returned
    /// Ordered, and never sent.
    case cancelled

    package var name: String {
        switch self {
        case .stock: "stock"
        case .ordered: "ordered"
        case .shipped: "shipped"
        case .overdue: "overdue"
        case .active: "active"
        case .blocked: "blocked"
        case .disabled: "disabled"
        case .lost: "lost"
        case .returned: "returned"
        case .cancelled: "cancelled"
        }
    }

    /// When it was sent, while it waits for its activation.
    package var shipment: CardShipment? {
        switch self {
        case .shipped(let shipment), .overdue(let shipment): shipment
        case .stock, .ordered, .active, .blocked, .disabled, .lost, .returned, .cancelled: nil
        }
    }

    /// By whom it is blocked, if it is.
    package var block: CardBlock? {
        switch self {
        case .blocked(let block): block
        case .stock, .ordered, .shipped, .overdue, .active, .disabled, .lost, .returned, .cancelled: nil
        }
    }

    /// What is stored of it; nil for a card that is nobody's.
    package var status: AuthenticatorStatus? {
        switch self {
        case .stock: nil
        case .ordered: .ordered
        case .shipped, .overdue: .shipped
        case .active: .active
        case .blocked: .blocked
        case .disabled: .disabled
        case .lost: .lost
        case .returned: .returned
        case .cancelled: .cancelled
        }
    }

    /// On its way to the user, who has nothing to log in with by it.
    package var isUnderWay: Bool {
        switch self {
        case .ordered, .shipped, .overdue: true
        case .stock, .active, .blocked, .disabled, .lost, .returned, .cancelled: false
        }
    }
}

package struct CardShipment: Hashable, Sendable {
    package let at: Instant
    package let activateBy: Instant

    package init(at: Instant, activateBy: Instant) {
        self.at = at
        self.activateBy = activateBy
    }
}

package struct CardBlock: Hashable, Sendable {
    package let by: CardBlocker
    package let at: Instant

    package init(by: CardBlocker, at: Instant) {
        self.by = by
        self.at = at
    }
}

/// The raw values are schema.
package enum CardBlocker: String, Hashable, Sendable, CaseIterable { case user, staff }
