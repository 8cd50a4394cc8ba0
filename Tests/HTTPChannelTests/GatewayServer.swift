import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A gateway that answers each request as the test says, byte by byte: a real server, and as broken as it must be.
final class GatewayServer: Sendable {
    enum Answer: Sendable {
        case send(String)
        case sendThenClose(String)
        case close
        /// Takes the request, and never answers.
        case silence

        static func http(_ status: String = "200 OK", _ body: String, headers: [String] = []) -> Answer {
            let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
            return .send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [String] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func satisfied() -> [CheckedContinuation<Void, Never>] {
            let count = self.requests.count
            let done = self.waiting.filter { $0.count <= count }
            self.waiting.removeAll { $0.count <= count }
            return done.map(\.continuation)
        }
    }

    private let state: Mutex<State>

    private init(_ answers: [Answer]) { self.state = Mutex(State(answers: answers)) }

    /// What was asked, head and body.
    var requests: [String] { self.state.withLock { $0.requests } }

    /// Returns as soon as there are so many.
    func requests(atLeast count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            self.change { $0.waiting.append((count, continuation)) }
        }
        return self.requests
    }

    /// - Parameters:
    ///   - answers: one a request; the last one again and again.
    ///   - body: told the port.
    static func with<Result: Sendable>(
        _ answers: Answer..., tls: NIOSSLContext? = nil,
        _ body: @Sendable (GatewayServer, Int) async throws -> Result
    ) async throws -> Result {
        let server = GatewayServer(answers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(server, channel.localAddress?.port ?? 0)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    fileprivate func take(_ request: String) -> Answer {
        self.change { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .close
        }
    }

    private func change<Result: Sendable>(_ body: (inout sending State) -> Result) -> Result {
        let (result, satisfied) = self.state.withLock { state in
            let result = body(&state)
            return (result, state.satisfied())
        }
        for continuation in satisfied { continuation.resume() }
        return result
    }
}

private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: GatewayServer
    private var text = ""

    init(_ server: GatewayServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.text += String(buffer: self.unwrapInboundIn(data))
        guard self.isWhole else { return }
        defer { self.text = "" }
        switch self.server.take(self.text) {
        case .send(let answer): context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        case .sendThenClose(let answer):
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        case .close: context.close(promise: nil)
        case .silence: break
        }
    }

    private var isWhole: Bool {
        guard let end = self.text.firstRange(of: "\r\n\r\n") else { return false }
        let line = self.text[..<end.lowerBound].lowercased().split(separator: "\r\n").first {
            $0.hasPrefix("content-length:")
        }
        let length = line.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        return self.text[end.upperBound...].utf8.count >= length
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
