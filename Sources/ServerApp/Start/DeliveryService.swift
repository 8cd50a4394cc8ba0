internal import Delivery
internal import Flows
internal import Identifiers
internal import Logging
internal import OAuth
internal import ServiceLifecycle
internal import Storage
internal import TokenSigning

/// Tells applications of ended sessions, soon after they have ended.
struct DeliveryService: Service {
    let opened: OpenStore
    let issuer: Issuer
    let signer: TokenSigner
    let logger: Logger

    private static let pause = Duration.seconds(1)

    func run() async throws {
        let environment = self.opened.environment
        let logout = BackchannelLogout(
            flow: LogoutNoticeFlow(environment: environment), signer: self.signer, issuer: self.issuer,
            client: BackchannelLogout.makeClient(), logger: self.logger,
            newID: { Identifier(at: environment.now(), random: environment.random.bytes(10)) })
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    while try await logout.work() > 0 {}
                } catch {
                    self.logger.warning("waiting notices could not be read", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: Self.pause)
            }
        }
        try await logout.close()
    }
}
