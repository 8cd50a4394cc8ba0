internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import Time

/// The certificate that new connections are given. A renewed one takes its place while the server works: connections that
/// are open keep theirs, and one that cannot be used changes nothing.
final class ServerCertificate: Sendable {
    private struct State {
        var loaded: LoadedCertificate
        var stamp: [String]
    }

    private let files: CertificateFiles
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    private let state: Mutex<State>

    init(
        _ files: CertificateFiles, clock: @escaping @Sendable () -> Instant, logger: Logger
    ) throws(StartError) {
        self.files = files
        self.clock = clock
        self.logger = logger
        let stamp = files.stamp
        self.state = Mutex(State(loaded: try files.load(at: clock()), stamp: stamp))
    }

    var expires: Instant { self.state.withLock { $0.loaded.expires } }

    /// TLS 1.2 and newer; each handshake asks for the certificate of its moment.
    func configuration() -> TLSConfiguration {
        let loaded = self.state.withLock { $0.loaded }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: loaded.chain.map { .certificate($0) }, privateKey: .privateKey(loaded.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.sslContextCallback = { _, promise in
            let loaded = self.state.withLock { $0.loaded }
            var change = NIOSSLContextConfigurationOverride()
            change.certificateChain = loaded.chain.map { .certificate($0) }
            change.privateKey = .privateKey(loaded.key)
            promise.succeed(change)
        }
        return configuration
    }

    /// Takes the files if they are others than before.
    func reloadIfChanged() {
        guard self.files.stamp != self.state.withLock({ $0.stamp }) else { return }
        self.reload()
    }

    func reload() {
        let stamp = self.files.stamp
        do {
            let loaded = try self.files.load(at: self.clock())
            self.state.withLock { $0 = State(loaded: loaded, stamp: stamp) }
            self.logger.notice("certificate loaded", metadata: ["expires": "\(loaded.expires.rfc3339)"])
        } catch {
            self.state.withLock { $0.stamp = stamp }  // said once for each change
            self.logger.error("the new certificate is not used; the one before stays", metadata: ["error": "\(error)"])
        }
    }
}
