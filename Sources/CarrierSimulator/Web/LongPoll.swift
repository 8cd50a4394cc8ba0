import ServiceLifecycle
import Time

/// A request that waits for news.
enum LongPoll {
    /// Shorter than what browsers and proxies take for a dead connection.
    static let longest = Span.seconds(25)

    /// - Returns: whether there is something newer. A program that stops waits for nobody.
    static func wait(for exchange: Exchange, after version: Int) async -> Bool {
        await cancelWhenGracefulShutdown { await exchange.change(after: version, within: Self.longest) }
    }
}
