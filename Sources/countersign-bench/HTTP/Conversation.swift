/// What one connection does, round after round.
protocol Conversation: Sendable {
    /// - Parameter answer: to the question before; nil at the beginning of a round. Its status was between 200 and 399.
    /// - Returns: the next question, or nil when the round is over.
    mutating func next(after answer: HTTPAnswer?) throws -> HTTPQuestion?
}
