import Hummingbird
import NIOCore

/// What a request brings beside itself: the connection, so that a dead provider can close it without a word.
struct CarrierContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
    }

    func closeConnection() async { try? await self.channel.close() }
}
