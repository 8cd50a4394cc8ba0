// A factor check by a security card: two requests, two durable steps.

import Encodings

/// Starts at the second factor, computes the card's response, and answers. Each round is another user's.
struct CardFlow: Conversation {
    private let cards: [BenchCard]
    private let authorization: String
    private var turn: Int
    private var isAnswered = false
    private let step: Int

    /// - Parameters:
    ///   - number: which of the connections this is.
    ///   - connections: how many there are; no two ever take the same user.
    init(_ data: BenchData, number: Int, of connections: Int) {
        self.cards = data.cards
        self.authorization = data.authorization
        self.turn = number
        self.step = connections
    }

    mutating func next(after answer: HTTPAnswer?) throws -> HTTPQuestion? {
        guard let answer else {
            self.isAnswered = false
            self.turn = (self.turn + self.step) % (self.cards.count / self.step * self.step)
            return self.question("/api/v1/factor-checks", "{\"username\":\"\(self.card.userName)\"}")
        }
        let body = try JSONValue(parsing: answer.body)
        guard !self.isAnswered else {
            guard try body.text("state") == "granted" else { throw BenchError("a right response was not granted") }
            return nil
        }
        self.isAnswered = true
        let response = try self.card.response(to: body.text("challenge"))
        return self.question(
            "/api/v1/factor-checks/\(try body.text("id"))/response", "{\"response\":\"\(response)\"}",
            secret: "Countersign-Login-Secret: \(try body.text("secret"))\r\n")
    }

    private var card: BenchCard { self.cards[self.turn] }

    private func question(_ path: String, _ body: String, secret: String = "") -> HTTPQuestion {
        .post(path, "application/json", body, headers: self.authorization + secret)
    }
}
