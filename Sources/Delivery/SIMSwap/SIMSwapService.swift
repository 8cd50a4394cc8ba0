internal import AsyncHTTPClient
internal import Encodings
internal import Flows
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Outbox
internal import Synchronization
internal import Time

/// Asks the operator's service about a number, directly before a code is handed over. It keeps nothing of what it hears.
///
/// It holds connections open: whoever made it calls ``close()``.
package final class SIMSwapService: Sendable {
    /// What is read of an answer. More is nonsense, and costs memory.
    static let longestAnswer = 16 * 1024

    private let settings: SIMSwapSettings
    private let client: HTTPClient
    private let isClosed = Mutex(false)

    /// - Throws: ``SIMSwapSettingsError``.
    package init(_ settings: SIMSwapSettings) throws(SIMSwapSettingsError) {
        self.settings = settings
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .milliseconds(settings.timeLimit.milliseconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(4)
        configuration.tlsConfiguration = try Self.tls(settings.certificateAuthority)
        self.client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    private static func tls(_ path: String?) throws(SIMSwapSettingsError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        guard let path else { return tls }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .unreadableCertificateAuthority(path: path)
        }
        tls.trustRoots = .certificates(certificates)
        return tls
    }

    /// May be called twice.
    package func close() async {
        let isFirst = self.isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        if isFirst { try? await self.client.shutdown() }
    }

    /// What is to become of a message. Only codes are asked about: a notice opens nothing.
    func verdict(on message: ClaimedMessage, at now: Instant, logger: Logger) async -> SIMSwapVerdict {
        guard let question = SIMSwapQuestion(message) else { return .notAsked }
        do throws(SIMSwapFlaw) {
            let answer = try await self.ask(question)
            return answer.refuses(within: self.settings.refusesWithin, at: now) ? .swapped : .clear
        } catch {
            logger.notice("the SIM-swap service gave no answer", metadata: ["why": "\(error)"])
            return .unanswered(goesOn: self.settings.sendsUnanswered)
        }
    }

    /// Ends by the time limit, whatever the service does: the client's own ends with the answer's head.
    private func ask(_ question: SIMSwapQuestion) async throws(SIMSwapFlaw) -> SIMSwapAnswer {
        let work = Task { await self.exchange(question) }
        let limit = TimeAmount.milliseconds(self.settings.timeLimit.milliseconds)
        let timer = self.client.eventLoopGroup.any().scheduleTask(in: limit) { work.cancel() }
        defer { timer.cancel() }
        return try await work.value.get()
    }

    private func exchange(_ question: SIMSwapQuestion) async -> Result<SIMSwapAnswer, SIMSwapFlaw> {
        var request = HTTPClientRequest(url: self.settings.address)
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(self.settings.token)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: question.json.encoded()))
        do {
            // The deadline stands behind the timer, in case that a cancellation is missed.
            let late = self.settings.timeLimit.milliseconds + 1000
            let response = try await self.client.execute(request, timeout: .milliseconds(late))
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            // Half an answer is none.
            try Task.checkCancellation()
            return Result { () throws(SIMSwapFlaw) in
                try SIMSwapAnswer(status: Int(response.status.code), body: Array(buffer: body))
            }
        } catch is NIOTooManyBytesError {
            return .failure(.tooLong)
        } catch {
            return .failure(Task.isCancelled ? .tooLate : .noConnection)
        }
    }
}

/// What the service is asked. It holds a number: it is never logged.
private struct SIMSwapQuestion {
    let json: JSONValue

    init?(_ message: ClaimedMessage) {
        let channel: String? =
            switch message.channel {
            case .text: "text"
            case .voice: "voice"
            case .mail: nil
            }
        guard let purpose = message.template.codePurpose, let channel else { return nil }
        self.json = [
            "number": .string(message.body.recipient), "purpose": .string(purpose.rawValue),
            "channel": .string(channel),
        ]
    }
}
