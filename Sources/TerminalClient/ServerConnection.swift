internal import AsyncHTTPClient
package import Encodings
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Calls to one server, one after the other.
package struct ServerConnection: Sendable {
    package let address: ServerAddress
    private let http: HTTPClient

    private init(_ address: ServerAddress, _ http: HTTPClient) {
        self.address = address
        self.http = http
    }

    /// Opens a connection for the body, and closes it whatever the body does.
    package static func with<Value>(
        _ address: ServerAddress, _ body: (ServerConnection) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        let http = HTTPClient(configuration: configuration)
        do {
            let value = try await body(ServerConnection(address, http))
            try await http.shutdown()
            return value
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// What came back: the status, and the body if it was JSON, fit to be shown at a terminal.
    package struct Answer: Sendable {
        package let status: Int
        package let json: JSONValue?

        package var isSuccess: Bool { (200..<300).contains(self.status) }

        package func text(_ name: String) throws(TerminalError) -> String {
            guard case .string(let text)? = self.json?[name] else { throw .unexpectedAnswer("\(name) is missing") }
            return text
        }

        package func optionalText(_ name: String) -> String? {
            if case .string(let text)? = self.json?[name] { text } else { nil }
        }
    }

    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], json body: JSONValue? = nil,
        within time: Duration = Self.usually
    ) async throws -> Answer {
        let content = body.map { ("application/json", $0.encoded()) }
        return try await self.send(method, path, headers, content, within: time)
    }

    package func post(
        _ path: String, form: [(String, String)], headers: [(String, String)] = []
    ) async throws -> Answer {
        let content = ("application/x-www-form-urlencoded", Array(FormURLEncoded.encode(form).utf8))
        return try await self.send("POST", path, headers, content, within: Self.usually)
    }

    #if os(macOS)
        private static let system = "Macintosh"
    #else
        private static let system = "Linux"
    #endif
    /// By which the user knows this session among his others. The number is that of the API.
    private static let agent = "countersign-terminal/1 (\(Self.system))"

    /// The largest answer that is read, in bytes.
    private static let largest = 64 * 1024 * 1024

    /// How long an answer may take. A waiting login holds it for a minute.
    package static let usually = Duration.seconds(90)

    private func send(
        _ method: String, _ path: String, _ headers: [(String, String)], _ content: (type: String, bytes: [UInt8])?,
        within time: Duration
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: self.address.text + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "User-Agent", value: Self.agent)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let content {
            request.headers.add(name: "Content-Type", value: content.type)
            request.body = .bytes(ByteBuffer(bytes: content.bytes))
        }
        do {
            let response = try await self.http.execute(request, timeout: TimeAmount(time))
            let body = try await response.body.collect(upTo: Self.largest)
            return Answer(
                status: Int(response.status.code),
                json: try? JSONValue(parsing: Array(buffer: body), maximumDepth: 32).printable)
        } catch {
            throw TerminalError.unreachable(server: self.address.text, why: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> UnreachableReason {
        switch error {
        case let error as HTTPClientError where [.connectTimeout, .deadlineExceeded].contains(error): .noAnswer
        case is NIOConnectionError: .nobodyListens
        // BoringSSL's own word: the library hands it on in more than one type.
        case _ where "\(error)".contains("CERTIFICATE_VERIFY_FAILED"): .notTrusted
        default: .connectionFailed
        }
    }
}
