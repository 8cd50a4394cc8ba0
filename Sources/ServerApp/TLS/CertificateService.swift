internal import ServiceLifecycle
internal import UnixSignals

/// Looks after the certificate: on SIGHUP at once, and every half minute, whether its files have changed. Without one a
/// SIGHUP, which would end the program, does nothing.
struct CertificateService: Service {
    let certificate: ServerCertificate?

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { self.certificate?.reload() }
                }
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(30))
                        self.certificate?.reloadIfChanged()
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
