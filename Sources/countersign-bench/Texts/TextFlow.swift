// A factor check by a code: the request that sends it.

import Encodings
import Synchronization

/// Whose turn it is. Nobody is asked twice: no number gets two texts within two minutes.
final class TextUsers: Sendable {
    private let next = Mutex(0)
    private let count: Int

    init(count: Int) { self.count = count }

    var taken: Int { self.next.withLock { $0 } }

    func take() throws -> String {
        let number = self.next.withLock { next in
            defer { next += 1 }
            return next
        }
        guard number < self.count else { throw BenchError("more than \(self.count) users with a telephone are needed") }
        return BenchData.nameWithPhone(number)
    }
}

/// Starts at the second factor; the code is on its way when the answer comes. Ends there.
struct TextFlow: Conversation {
    private let users: TextUsers
    private let authorization: String

    init(_ data: BenchData, users: TextUsers) {
        self.users = users
        self.authorization = data.authorization
    }

    mutating func next(after answer: HTTPAnswer?) throws -> HTTPQuestion? {
        guard let answer else {
            let body = "{\"username\":\"\(try self.users.take())\"}"
            return .post("/api/v1/factor-checks", "application/json", body, headers: self.authorization)
        }
        let state = try JSONValue(parsing: answer.body)
        guard case .array(let sent)? = state["code"]?["sent_by"], !sent.isEmpty else {
            throw BenchError("no code was sent: \(String(decoding: answer.body.prefix(300), as: UTF8.self))")
        }
        return nil
    }
}
