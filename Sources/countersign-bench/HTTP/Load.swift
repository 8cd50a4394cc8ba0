// A load on the server: so many connections, each in a conversation of its own.

import NIOCore
import NIOPosix

/// What a load gave.
struct LoadResult: Sendable {
    let perSecond: Double
    let median: Duration
    let percentile99: Duration
    /// Processor time of one round, in microseconds: of the server, of its database, of the generator.
    let cost: ProcessorCost
}

struct Load: Sendable {
    let port: Int
    let connections: Int
    /// From how many addresses of this machine they come, in turns.
    var sources = 1
    /// Measured after a warm-up of a quarter of it.
    let time: Duration
    let processes: MeasuredProcesses

    /// - Parameter conversation: made for each connection by its number.
    func run(_ conversation: @escaping @Sendable (Int) -> any Conversation) async throws -> LoadResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let tally = Tally()
        var channels: [any Channel] = []
        for number in 0..<self.connections {
            channels.append(try await self.connect(conversation(number), from: number % self.sources, tally, on: group))
        }
        try await Task.sleep(for: self.time / 4)
        let (before, start) = (self.processes.times(), ContinuousClock.now)
        tally.beginCounting()
        try await Task.sleep(for: self.time)
        let (latencies, took) = (try tally.end(), start.duration(to: .now))
        let after = self.processes.times()
        for channel in channels { try? await channel.closeFuture.get() }
        try await group.shutdownGracefully()
        guard !latencies.isEmpty else { throw BenchError("no round came to its end") }
        return LoadResult(
            perSecond: Double(latencies.count) / (took / .seconds(1)), median: latencies[latencies.count / 2],
            percentile99: latencies[latencies.count * 99 / 100],
            cost: ProcessorCost(before, after, rounds: latencies.count))
    }

    private func connect(
        _ conversation: any Conversation, from source: Int, _ tally: Tally, on group: MultiThreadedEventLoopGroup
    ) async throws -> any Channel {
        try await ClientBootstrap(group: group)
            .bind(to: SocketAddress(ipAddress: "127.0.0.\(1 + source)", port: 0))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Caller(conversation, tally: tally))
                }
            }
            .connect(host: "127.0.0.1", port: self.port).get()
    }
}
