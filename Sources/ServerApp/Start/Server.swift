internal import Delivery
internal import Flows
internal import Foundation
internal import HTTPEdge
package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import Identifiers
package import Logging
internal import NIOCore
internal import OAuth
internal import OpenIDProvider
internal import RESTAPI
internal import SQL
internal import ServiceLifecycle
internal import Storage
internal import Telemetry
package import Time
internal import TokenSigning
internal import UnixSignals
internal import WebUI

/// The server, wired: one store, one login flow, every door.
package struct Server: Sendable {
    private let configuration: Configuration
    private let opened: OpenStore
    private let metrics: ServerMetrics
    private let logger: Logger
    private let responder: RouterResponder<EdgeContext>
    private let signer: TokenSigner
    private let delivery: ServerDelivery
    private let outbox: OutboxWorker?
    /// Every path that is mounted, with its parameters as `{name}`.
    package let paths: Set<String>

    private let certificate: ServerCertificate?

    /// Opens the store and builds every door. Nothing listens yet.
    ///
    /// - Throws: ``StartError``.
    package init(
        _ configuration: Configuration, environment: [String: String], logger: Logger,
        clock: @escaping @Sendable () -> Instant
    ) async throws(StartError) {
        self.certificate = try configuration.listen.tls.map { paths throws(StartError) in
            try ServerCertificate(CertificateFiles(paths), clock: clock, logger: logger)
        }
        let metrics: ServerMetrics
        do { metrics = try ServerMetrics(logger: logger) } catch { throw StartError(opening: error) }
        let opened = try await OpenStore.open(
            configuration, environment: environment, logger: logger, clock: clock, metrics: metrics)
        do {
            let keys = SigningKeysFlow(environment: opened.environment)
            let signer = try TokenSigner(try await keys.open(make: TokenSigner.makeKey))
            let doors = try Doors(configuration, opened, metrics, logger: logger)
            let worker = try doors.worker()
            let router = try await doors.router(signer: signer, worker: worker)
            self.delivery = doors.delivery
            self.outbox = worker
            self.paths = Set(router.routes.map { $0.path.description })
            self.responder = router.buildResponder()
            self.signer = signer
        } catch {
            await opened.driver.close()
            throw StartError(opening: error)
        }
        self.configuration = configuration
        self.opened = opened
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until a signal asks it to end; then it takes no new request, finishes those under way, and closes the store.
    ///
    /// - Parameter onReady: told the port that it listens on.
    package func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let listen = self.configuration.listen
        var application = Application(
            responder: self.responder,
            server: try self.builder(),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port), serverName: nil),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? listen.port) },
            logger: self.logger)
        application.addServices(
            JanitorService(
                janitor: Janitor(environment: self.opened.environment, sessions: self.configuration.sessions),
                logger: self.logger),
            self.signingKeys,
            OutboxService(worker: self.outbox, delivery: self.delivery),
            DeliveryService(
                opened: self.opened, issuer: self.configuration.issuer, signer: self.signer, logger: self.logger))
        application.addServices(CertificateService(certificate: self.certificate))
        do {
            try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
        } catch {
            await self.opened.driver.close()
            throw self.startError(error) ?? error
        }
        await self.opened.driver.close()
    }

    /// Idle connections end later than the longest poll, and none is kept for nothing.
    private func builder() throws -> HTTPServerBuilder {
        let http1 = HTTP1Channel.Configuration(idleTimeout: .seconds(75))
        guard let certificate = self.certificate else { return .http1(configuration: http1) }
        return try .http2Upgrade(
            tlsConfiguration: certificate.configuration(),
            configuration: .init(idleTimeout: .seconds(75), streamConfiguration: http1))
    }

    private func startError(_ error: any Error) -> StartError? {
        guard let error = error as? IOError else { return nil }
        let listen = self.configuration.listen
        return .cannotListen(host: listen.host, port: listen.port, why: String(cString: strerror(error.errnoCode)))
    }

    /// Every metric, as it is served.
    package var metricsText: String { self.metrics.registry.render() }
    private var signingKeys: SigningKeysService {
        let flow = SigningKeysFlow(environment: self.opened.environment)
        return SigningKeysService(flow: flow, signer: self.signer, logger: self.logger)
    }

    /// What the server does every few seconds: tests do it when they like.
    package func lookAtSigningKeys() async throws { try await self.signingKeys.look() }

    /// The application for tests, without a listener of its own.
    package var application: some ApplicationProtocol {
        Application(responder: self.responder, logger: self.logger)
    }
}

/// Cleans the store every ten minutes, and erases codes whose time is up every minute.
private struct JanitorService: Service {
    let janitor: Janitor
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            for minute in 0... {
                do {
                    let isTurn = minute.isMultiple(of: 10)
                    let removed = try await isTurn ? self.janitor.clean() : self.janitor.eraseCodes()
                    self.logger.debug("store cleaned", metadata: ["rows": "\(removed)"])
                } catch {
                    self.logger.warning("store could not be cleaned", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(60))
            }
        }
    }
}
