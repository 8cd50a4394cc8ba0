internal import Flows
internal import Logging
internal import ServiceLifecycle
internal import TokenSigning

/// Keeps this node's signer on the keys that the store holds now, and takes the steps of a rotation when they are due.
struct SigningKeysService: Service {
    let flow: SigningKeysFlow
    let signer: TokenSigner
    let logger: Logger

    /// A new key is published for minutes before it signs, so every node has it by then.
    private static let pause = Duration.seconds(5)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.pause)
                do {
                    try await self.look()
                } catch {
                    self.logger.warning("signing keys could not be read", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    func look() async throws {
        if try await self.flow.advance() { self.logger.notice("signing keys changed") }
        try self.signer.update(try await self.flow.all())
    }
}
