internal import Authenticators
internal import Flows
internal import Identifiers
internal import Time

/// Where a card stands, in words.
enum CardWords {
    static func name(_ card: CardView, _ messages: Messages) -> String {
        messages.text("authenticators.\(card.card.kind.rawValue)_ending", ["last": card.card.label])
    }

    /// One card of a list, with what can be done about it.
    static func row(_ held: HeldCard, _ messages: Messages, at now: Instant) -> [String: Any] {
        let (card, name) = (held.view, self.name(held.view, messages))
        let lastUsed = card.lastUsed.map { messages.text("authenticators.last_used", ["date": $0.minuteText]) }
        var row: [String: Any] = [
            "name": name, "state": self.state(held, messages, at: now),
            "last_used": lastUsed ?? messages.text("authenticators.never_used"),
            "has_steps": !card.state.userSteps.isEmpty,
            "steps": card.state.userSteps.map { self.link($0, card, messages) },
        ]
        if let limit = self.limit(card, messages) { row["limited"] = limit }
        return row
    }

    /// That a weaker factor's limits hold.
    static func limit(_ card: CardView, _ messages: Messages) -> String? {
        guard let until = card.limitedUntil, !card.state.isOver else { return nil }
        return messages.text("account.card.limited", ["until": until.minuteText])
    }

    /// What comes first on the account: what must be done, then what there is.
    static func overview(
        _ cards: [HeldCard], _ messages: Messages, isLimited: Bool, at now: Instant
    ) -> [String: Any] {
        let held = cards.filter { !$0.view.state.isOver }
        var values = self.reminders(cards, messages, isLimited: isLimited)
        values["has_authenticators"] = !held.isEmpty
        values["cards"] = held.map { self.row($0, messages, at: now) }
        return values
    }

    /// PINs that somebody else knows, and cards that wait to be activated.
    ///
    /// - Parameter isLimited: whether the session may activate a card, and nothing else.
    static func reminders(_ cards: [HeldCard], _ messages: Messages, isLimited: Bool = false) -> [String: Any] {
        [
            "pin_reminders": cards.map(\.view).filter { $0.pinMustChange && $0.state == .active }
                .map { self.reminder("must_change_pin", $0, .changePIN, messages) },
            "activation_reminders": cards.map(\.view).compactMap { card -> [String: Any]? in
                switch card.state {
                case .shipped(let shipment):
                    self.reminder("must_activate", card, .activate, until: shipment.activateBy, messages)
                case .overdue(let shipment):
                    self.reminder(
                        "overdue", card, isLimited ? nil : .takeBack, until: shipment.activateBy, messages)
                case .stock, .ordered, .active, .blocked, .disabled, .lost, .returned, .cancelled: nil
                }
            },
        ]
    }

    private static func reminder(
        _ word: String, _ card: CardView, _ step: UserCardStep?, until: Instant? = nil, _ messages: Messages
    ) -> [String: Any] {
        var reminder = step.map { self.link($0, card, messages) } ?? [:]
        reminder["sentence"] = messages.text(
            "account.card.reminders.\(word)",
            ["card": self.name(card, messages), "until": until?.minuteText ?? ""])
        return reminder
    }

    private static func link(_ step: UserCardStep, _ card: CardView, _ messages: Messages) -> [String: Any] {
        let label = messages.text("account.card.steps.\(step.rawValue).label")
        return [
            "href": CardPages.path(card.card.id, step), "label": label,
            "full_label": messages.text(
                "account.card.step_of_card", ["step": label, "card": self.name(card, messages)]),
        ]
    }

    private static func state(_ held: HeldCard, _ messages: Messages, at now: Instant) -> String {
        let key = "account.card.states.\(held.view.state.name)"
        switch held.view.state {
        case .shipped(let shipment), .overdue(let shipment):
            return messages.text(key, ["until": shipment.activateBy.minuteText])
        case .blocked(let block): return messages.text("\(key)_by_\(block.by.rawValue)", ["date": block.at.minuteText])
        case .active: return self.active(held, messages, at: now)
        case .stock, .ordered, .disabled, .lost, .returned, .cancelled: return messages.text(key)
        }
    }

    private static func active(_ held: HeldCard, _ messages: Messages, at now: Instant) -> String {
        if let end = held.view.validity.end, now >= end {
            return messages.text("account.card.states.ended", ["date": end.minuteText])
        }
        if let start = held.view.validity.start, now < start {
            return messages.text("account.card.states.not_yet", ["date": start.minuteText])
        }
        if let until = held.lockedUntil, now < until {
            return messages.text("authenticators.blocked_for", ["duration": messages.duration(until - now)])
        }
        return messages.text("account.card.states.active")
    }
}
