/// The cheapest answer that the server has: the limit that HTTP itself sets.
struct TrivialRoute: Conversation {
    mutating func next(after answer: HTTPAnswer?) -> HTTPQuestion? { answer == nil ? .get("/health/live") : nil }
}
