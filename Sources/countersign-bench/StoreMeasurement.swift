// Everything that is measured on one store.

/// The figures of one store; each is the median of its rounds.
struct StoreFigures: Sendable {
    let store: String
    var ready: Duration = .zero
    var idleMemory = 0.0
    var loadedMemory = 0.0
    var commits = 0.0
    var hashes = 0.0
    var trivial: LoadResult?
    var cards: [(connections: Int, result: LoadResult)] = []
    var passwords: LoadResult?
    /// Password logins as a share of the raw hashes just before and after them.
    var passwordShare = 0.0
}

struct StoreMeasurement: Sendable {
    let program: String
    let configuration: String
    let port: Int
    let data: BenchData
    let raw: RawCommits
    let database: Int32?
    let rounds: Int
    let time: Duration

    private static let cardConnections = [16, 32, 64]
    /// Answers leave at whole multiples of the server's pace, many together: this many connections keep its threads busy all the
    /// while. It lets 64 checks of one source wait, and so they come from several.
    private static let passwordConnections = 192
    private static let passwordSources = 4

    func run(_ name: String) async throws -> StoreFigures {
        var figures = StoreFigures(store: name)
        figures.ready = try (0..<5).map { _ in try self.start() }.sorted()[2]
        let server = try ServerProcess(program: self.program, configuration: self.configuration, port: self.port)
        defer { server.stop() }
        try await Task.sleep(for: .seconds(2))
        figures.idleMemory = server.memory()
        try await self.measure(server, into: &figures)
        figures.loadedMemory = server.memory()
        return figures
    }

    /// The scenarios take turns, so that a slow minute of the machine falls on all of them alike.
    private func measure(_ server: ServerProcess, into figures: inout StoreFigures) async throws {
        let processes = MeasuredProcesses(server: server.id, database: self.database)
        var (commits, hashes, shares): ([Double], [Double], [Double]) = ([], [], [])
        var (trivial, passwords): ([LoadResult], [LoadResult]) = ([], [])
        var cards = Self.cardConnections.map { _ in [LoadResult]() }
        let rawHashes = try RawHashes()
        for _ in 0..<self.rounds {
            commits.append(try await self.raw.perSecond(for: self.time))
            trivial.append(try await self.load(32, processes) { _ in TrivialRoute() })
            for (index, count) in Self.cardConnections.enumerated() {
                cards[index].append(
                    try await self.load(count, processes) { [data] in CardFlow(data, number: $0, of: count) })
            }
            let before = try await rawHashes.perSecond(for: self.time)
            let logins = try await self.load(
                Self.passwordConnections, from: Self.passwordSources, processes
            ) { [data] in PasswordLogin(data, number: $0) }
            let after = try await rawHashes.perSecond(for: self.time)
            hashes += [before, after]
            passwords.append(logins)
            shares.append(logins.perSecond / ((before + after) / 2))
        }
        figures.commits = commits.sorted()[commits.count / 2]
        figures.hashes = hashes.sorted()[hashes.count / 2]
        figures.trivial = Self.median(trivial)
        figures.passwords = Self.median(passwords)
        figures.passwordShare = shares.sorted()[shares.count / 2]
        figures.cards = zip(Self.cardConnections, cards).map { ($0, Self.median($1)) }
    }

    private func load(
        _ connections: Int, from sources: Int = 1, _ processes: MeasuredProcesses,
        _ conversation: @escaping @Sendable (Int) -> any Conversation
    ) async throws -> LoadResult {
        try await Load(
            port: self.port, connections: connections, sources: sources, time: self.time, processes: processes
        ).run(conversation)
    }

    private func start() throws -> Duration {
        let server = try ServerProcess(program: self.program, configuration: self.configuration, port: self.port)
        server.stop()
        return server.readyAfter
    }

    private static func median(_ results: [LoadResult]) -> LoadResult {
        results.sorted { $0.perSecond < $1.perSecond }[results.count / 2]
    }
}
