/// What a user can do about a card of his by himself. The raw values stand in addresses.
package enum UserCardStep: String, Hashable, Sendable, CaseIterable {
    case activate
    case changePIN = "pin"
    case block
    case reportLost = "lost"
    case takeBack = "return"
    case cancel
}

extension CardState {
    /// What there is to be done, the likeliest first.
    package var userSteps: [UserCardStep] {
        switch self {
        case .ordered: [.cancel]
        case .shipped: [.activate, .reportLost, .takeBack]
        case .overdue: [.takeBack, .reportLost]
        case .active: [.changePIN, .block, .reportLost, .takeBack]
        case .blocked, .disabled: [.reportLost, .takeBack]
        case .lost: [.takeBack]
        case .stock, .returned, .cancelled: []
        }
    }

    /// Nobody will use it any more.
    package var isOver: Bool {
        switch self {
        case .lost, .returned, .cancelled: true
        case .stock, .ordered, .shipped, .overdue, .active, .blocked, .disabled: false
        }
    }
}
