import HTTPTypes
import Identifiers
import PasswordHashing
import ServerApp
import TestWorld
import Testing

@Suite("What the answer to a password tells")
struct PasswordAnswerTests {
    /// What is of this browser, this login or this request alone.
    private static func common(_ answer: Answer, _ visitor: Visitor, name: String) -> (HTTPFields, String) {
        var headers = answer.headers
        for name in ["X-Request-ID", "Date"].compactMap({ HTTPField.Name($0) }) { headers[name] = nil }
        let id = String(visitor.path.dropFirst("/login/".count))
        let body = answer.body.replacing(visitor.token, with: "T").replacing(id, with: "L").replacing(name, with: "N")
        return (headers, body)
    }

    @Test("A wrong password and an unknown name: the same status, headers and bytes", arguments: StoreKind.allCases)
    func alike(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var (known, unknown) = (Visitor(site), Visitor(site))
            _ = try await known.authorize()
            _ = try await unknown.authorize()
            for attempt in 1...11 {  // past the warning and the lock
                let wrong = try await known.submit(
                    "password", [("username", "alice"), ("password", "wrong \(attempt)")])
                let none = try await unknown.submit(
                    "password", [("username", "zora1"), ("password", "wrong \(attempt)")])
                #expect(wrong.status == none.status, "\(attempt)")
                let (left, right) = (
                    Self.common(wrong, known, name: "alice"), Self.common(none, unknown, name: "zora1")
                )
                #expect(left.0 == right.0 && left.1 == right.1, "\(attempt)")
            }
        }
    }

    @Test("One source's flood: 429 with a pause for programs, on a page that keeps the name")
    func flood() async throws {
        let costly: @Sendable (inout Configuration) -> Void = {
            $0.password.cost = .standard
            $0.password.threads = 1
        }
        try await Site.with(change: costly) { site in
            var visitors = (0..<100).map { _ in Visitor(site) }
            for index in visitors.indices { _ = try await visitors[index].authorize() }
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for visitor in visitors {
                    group.addTask {
                        var visitor = visitor
                        return try await visitor.submit("password", [("username", "zora1"), ("password", "x")])
                    }
                }
                return try await group.reduce(into: [Answer]()) { $0.append($1) }
            }
            let busy = answers.filter { $0.status == 429 }
            #expect(!busy.isEmpty && answers.count { $0.status == 422 } == answers.count - busy.count)
            for answer in busy {
                #expect(answer.headers[.retryAfter] == "5" && answer.body.contains("value=\"zora1\""))
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            }
        }
    }
}
