package import Time

/// One provider's way to the user.
package protocol DeliveryChannel: Sendable {
    /// Keeps up what the channel needs (a connection, a pool of processes) until it is cancelled, and passes on what the
    /// provider reports. It comes back by itself after any fault, with growing pauses; it throws nothing but cancellation.
    func run(reporting: @escaping @Sendable (DeliveryReport) async -> Void) async throws(CancellationError)

    /// Hands one message over and waits for the provider's answer, at most a few seconds.
    ///
    /// Many may be handed over at once: a channel with a window makes them wait.
    func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver

    /// As how many messages the provider counts it, and what it asks to be paid for: a long text goes in parts.
    func parts(of message: OutgoingMessage) -> Int64
}

extension DeliveryChannel {
    package func parts(of message: OutgoingMessage) -> Int64 { 1 }
}
