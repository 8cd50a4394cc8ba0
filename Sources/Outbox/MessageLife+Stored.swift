package import Channels
package import Time

extension MessageLife {
    /// As it stands in a store.
    package struct Columns: Hashable, Sendable {
        package var state: MessageState
        package var tries: MessageTries
        package var attempts: Int64
        package var lostAnswers: Int64
        package var provider: String?
        package var reference: String?
        package var fault: DeliveryFault.Kind?
        package var progress: DeliveryProgress?
        package var detail: String?
        package var cost: Int64?
        package var due: Instant?
        package var isWithdrawn: Bool
        package var sent: Instant?
        package var ended: Instant?

        package init(
            state: MessageState, tries: MessageTries, attempts: Int64, lostAnswers: Int64, provider: String?,
            reference: String?, fault: DeliveryFault.Kind?, progress: DeliveryProgress?, detail: String?, cost: Int64?,
            due: Instant?, isWithdrawn: Bool, sent: Instant?, ended: Instant?
        ) {
            (self.state, self.tries, self.attempts, self.lostAnswers) = (state, tries, attempts, lostAnswers)
            (self.provider, self.reference, self.fault, self.progress) = (provider, reference, fault, progress)
            (self.detail, self.cost, self.due, self.isWithdrawn) = (detail, cost, due, isWithdrawn)
            (self.sent, self.ended) = (sent, ended)
        }
    }

    package init(stored columns: Columns, expires: Instant, urgency: MessageUrgency = .now) {
        self.init(created: expires, expires: expires, urgency: urgency)
        (self.state, self.tries, self.attempts) = (columns.state, columns.tries, columns.attempts)
        (self.lostAnswers, self.provider, self.reference) = (columns.lostAnswers, columns.provider, columns.reference)
        (self.fault, self.progress, self.detail) = (columns.fault, columns.progress, columns.detail)
        (self.cost, self.due, self.isWithdrawn) = (columns.cost, columns.due, columns.isWithdrawn)
        (self.sent, self.ended) = (columns.sent, columns.ended)
    }
}
