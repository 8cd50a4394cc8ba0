internal import AsyncHTTPClient
internal import Channels
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Time

/// One request and its answer.
struct GatewayExchange: Sendable {
    let client: HTTPClient
    let request: GatewayRequest
    let gateway: PreparedGateway

    /// Ends by the total timeout, whatever the gateway does: the client's own ends with the answer's head.
    func run(id: DeliveryID, at now: Instant) async -> HandOver {
        let work = Task { await self.exchange(id, now) }
        let total = TimeAmount.milliseconds(self.gateway.settings.transport.totalTimeout.milliseconds)
        let timer = self.client.eventLoopGroup.any().scheduleTask(in: total) { work.cancel() }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }

    private func exchange(_ id: DeliveryID, _ now: Instant) async -> HandOver {
        let gate = WriteGate()
        do {
            // The deadline stands behind the timer, in case that a cancellation is missed.
            let total = self.gateway.settings.transport.totalTimeout.milliseconds + 1000
            let response = try await self.client.execute(self.outgoing(gate), timeout: .milliseconds(total))
            return self.gateway.answer.outcome(of: await self.reply(response, now), id: id)
        } catch {
            let wasWritten = self.request.body == nil ? !Self.isBeforeWriting(error) : gate.close()
            return Self.failure(error, wasWritten: wasWritten)
        }
    }

    private func outgoing(_ gate: WriteGate) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: self.request.address)
        request.method = HTTPMethod(rawValue: self.request.method)
        for (name, value) in self.request.headers { request.headers.add(name: name, value: value) }
        if let body = self.request.body {
            request.body = .stream(
                WatchedBody(buffer: ByteBuffer(bytes: body), gate: gate), length: .known(Int64(body.count)))
        }
        return request
    }

    private func reply(_ response: HTTPClientResponse, _ now: Instant) async -> GatewayReply {
        let wait = response.headers.first(name: "Retry-After").flatMap { RetryAfter.span($0, at: now) }
        let status = Int(response.status.code)
        do {
            let body = try await response.body.collect(upTo: HTTPChannel.longestAnswer)
            // Half a name is not a name.
            try Task.checkCancellation()
            return GatewayReply(status: status, retryAfter: wait, body: Array(buffer: body))
        } catch is NIOTooManyBytesError {
            return GatewayReply(status: status, retryAfter: wait, body: nil, flaw: "longer than 64 KiB")
        } catch {
            return GatewayReply(status: status, retryAfter: wait, body: nil, flaw: "it broke off")
        }
    }

    private static func failure(_ error: any Error, wasWritten: Bool) -> HandOver {
        let isTimeout = self.isTimeout(error)
        guard wasWritten else {
            let fault = DeliveryFault(.unreachable, isTimeout ? "no connection in time" : self.words(error))
            return .postponed(fault, retryAfter: nil)
        }
        return .unanswered(
            isTimeout
                ? DeliveryFault(.timedOut, "no answer in time")
                : DeliveryFault(.malformedAnswer, "the connection ended before the answer"))
    }

    private static func isTimeout(_ error: any Error) -> Bool {
        if error is CancellationError { return true }
        let timeouts: [HTTPClientError] = [
            .cancelled, .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout,
        ]
        return (error as? HTTPClientError).map(timeouts.contains) ?? false
    }

    /// Certainly before anything was written. A request without a body has no better sign.
    private static func isBeforeWriting(_ error: any Error) -> Bool {
        switch error {
        case is NIOConnectionError, is NIOSSLError, is BoringSSLError, is NIOSSLExtraError, is SocketAddressError: true
        // Said of nothing but connecting, unlike most of its kind.
        case let error as IOError: error.errnoCode == ECONNREFUSED
        case let error as HTTPClientError:
            [.connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown].contains(error)
        default: false
        }
    }

    /// Ours, not the library's: those name hosts, and one day perhaps addresses.
    private static func words(_ error: any Error) -> String {
        switch error {
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: "no TLS that can be trusted"
        case is SocketAddressError: "no such host"
        case let error as HTTPClientError where error == .alreadyShutdown: "the channel is closed"
        default: "no connection"
        }
    }
}
