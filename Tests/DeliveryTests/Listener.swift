import Encodings
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

/// An application that listens for logouts: a real server, which answers as the test says.
final class Listener: Sendable {
    private struct State {
        var statuses: [HTTPResponse.Status] = []
        var tokens: [String] = []
    }

    private let state = Mutex(State())

    /// What it was sent.
    var tokens: [String] { self.state.withLock { $0.tokens } }

    /// What it answers, in this order; then 200.
    func answer(_ statuses: HTTPResponse.Status...) { self.state.withLock { $0.statuses = statuses } }

    private func take(_ token: String) -> HTTPResponse.Status {
        self.state.withLock { state in
            state.tokens.append(token)
            return state.statuses.isEmpty ? .ok : state.statuses.removeFirst()
        }
    }

    /// - Parameter body: told the address to register.
    static func with(_ body: @escaping @Sendable (Listener, String) async throws -> Void) async throws {
        let listener = Listener()
        let router = Router()
        router.post("/logout") { request, _ in
            let bytes = Array(buffer: try await request.body.collect(upTo: 16_384))
            let token = try FormURLEncoded.parse(bytes)["logout_token"] ?? "none"
            var response = Response(status: listener.take(token))
            response.headers[.location] = "http://127.0.0.1:1/elsewhere"
            return response
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.live) { client in
            try await body(listener, "http://127.0.0.1:\(try #require(client.port))/logout")
        }
    }
}
