// Delivery: works what waits to go out, and says what came of it. It decides nothing about what goes to whom, keeps nothing
// in memory between rounds, and knows no SQL.

internal import Applications
package import AsyncHTTPClient
internal import Encodings
package import Flows
package import Identifiers
package import Logging
internal import NIOCore
internal import NIOHTTP1
package import OAuth
package import TokenSigning

/// Tells applications of ended sessions (OpenID Connect Back-Channel Logout 1.0 section 2.5).
package struct BackchannelLogout: Sendable {
    private let flow: LogoutNoticeFlow
    private let signer: TokenSigner
    private let issuer: Issuer
    private let client: HTTPClient
    private let logger: Logger
    private let worker: WorkerID
    private let newID: @Sendable () -> StatementID

    package init(
        flow: LogoutNoticeFlow, signer: TokenSigner, issuer: Issuer, client: HTTPClient, logger: Logger,
        newID: @escaping @Sendable () -> StatementID
    ) {
        (self.flow, self.signer, self.issuer) = (flow, signer, issuer)
        (self.client, self.logger, self.newID) = (client, logger, newID)
        self.worker = flow.newWorker()
    }

    /// At once, so that one application that does not answer holds up few others.
    private static let most: Int64 = 16
    /// For connecting, sending and the answer together. Well within the lease.
    private static let timeout = TimeAmount.seconds(10)

    /// A client as it should be: no address that we were not told is ever called.
    package static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func close() async throws { try await self.client.shutdown() }

    /// Tries what is due, once.
    ///
    /// - Returns: how many were tried; 0 when nothing waits.
    package func work() async throws -> Int {
        let notices = try await self.flow.claim(most: Self.most, for: self.worker)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for notice in notices { group.addTask { try await self.tell(notice) } }
            try await group.waitForAll()
        }
        return notices.count
    }

    private func tell(_ notice: LogoutNotice) async throws {
        if let problem = await self.problem(with: notice) {
            let gaveUp = try await self.flow.failed(notice, by: self.worker)
            self.logger.log(
                level: gaveUp ? .warning : .info, "an application did not take a logout",
                metadata: [
                    "application": "\(notice.application.clientID)", "attempt": "\(notice.attempts)",
                    "gave up": "\(gaveUp)", "problem": "\(problem)",
                ])
        } else {
            try await self.flow.delivered(notice, by: self.worker)
        }
    }

    /// Posts the token; nil when the application took it.
    private func problem(with notice: LogoutNotice) async -> String? {
        do {
            let token = try LogoutToken(notice: notice, issuer: self.issuer, id: self.newID()).signed(by: self.signer)
            var request = HTTPClientRequest(url: notice.address)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: FormURLEncoded.encode([("logout_token", token)])))
            let response = try await self.client.execute(request, timeout: Self.timeout)
            // Some frameworks answer 204; nothing else says that the session is gone there (section 2.8).
            return [.ok, .noContent].contains(response.status) ? nil : "status \(response.status.code)"
        } catch {
            return "\(error)"
        }
    }
}
