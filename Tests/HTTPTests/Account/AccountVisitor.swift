import HTTPTypes
import Identifiers
import TestWorld
import Testing

/// What a browser does on the pages of the account.
extension Visitor {
    /// Opens a page of the account; where that leads to a login, the visitor is at its page.
    mutating func open(_ path: String) async throws -> Answer {
        let answer = try await self.get(path)
        self.follow(answer)
        return answer
    }

    /// A login to the account that `open` began.
    mutating func logInToAccount(_ name: String = "alice", card: TestCard? = Firm.alice) async throws -> Answer {
        let answer = try await self.submit("password", [("username", name), ("password", Firm.password)])
        if let card, answer.location == self.path {
            _ = try await self.submit("response", [("code", try card.response(to: try await self.challenge()))])
        }
        return try await self.get("\(self.path)/finish")
    }

    /// A form of the account, with the token of the session.
    mutating func send(_ path: String, _ fields: [(String, String)] = []) async throws -> Answer {
        let secret = self.cookies[Visitor.sessionCookie].flatMap { SecretToken($0) }
        let token = secret?.derived(for: "form") ?? ""
        let answer = try await self.site.post(path, [("csrf", token)] + fields, self.headers)
        self.follow(answer)
        return answer
    }
}
