import Delivery
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing
import Time

/// The operator's service: a real server on this machine, which answers as the test says.
final class SwapPeer: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponse.Status.ok
        var body: String
        /// Nothing is answered until it is opened.
        var gate: Gate?
    }

    struct Question: Sendable {
        let path: String
        let authorization: String?
        let body: String
    }

    private struct State {
        var answer: Answer
        var questions: [Question] = []
    }

    private let state: Mutex<State>

    private init(_ answer: Answer) { self.state = Mutex(State(answer: answer)) }

    var questions: [Question] { self.state.withLock { $0.questions } }

    func answer(_ body: String) { self.state.withLock { $0.answer = Answer(body: body) } }

    static let token = "token-of-the-service"

    /// - Parameter change: of what the service is asked with.
    static func with(
        _ answer: Answer, _ change: @escaping @Sendable (inout SIMSwapSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (SwapPeer, SIMSwapService) async throws -> Void
    ) async throws {
        let peer = SwapPeer(answer)
        let router = Router()
        for path in ["/swap", "/elsewhere"] {
            router.post(RouterPath(path)) { request, _ in try await peer.take(request) }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.live) { client in
            var settings = try SIMSwapSettings(
                address: "http://127.0.0.1:\(try #require(client.port))/swap", token: Self.token)
            change(&settings)
            let service = try SIMSwapService(settings)
            do {
                try await body(peer, service)
            } catch {
                await service.close()
                throw error
            }
            await service.close()
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 16_384)
        let question = Question(
            path: request.uri.path, authorization: request.headers[.authorization], body: String(buffer: bytes))
        let answer = self.state.withLock { state in
            state.questions.append(question)
            return state.answer
        }
        await answer.gate?.pass()
        var response = Response(
            status: answer.status, body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
        response.headers[.location] = "/elsewhere"
        return response
    }
}
