// Texts on one store: to an SMSC that takes all, and while it is dead.

/// The figures of one store; each is the median of its rounds.
struct TextFigures: Sendable {
    let store: String
    /// From the request that asks for a code to its arrival at the SMSC, one at a time.
    var idle: [Duration] = []
    var perSecond = 0.0
    /// Of those that still waited when nobody asked any more.
    var afterwards = 0.0
    /// Of the requests that asked for them.
    var asked: LoadResult?
    /// Texts that stand as delivered in the store when the SMSC had an answer to every receipt, and all that were sent.
    var receipts = (matched: 0, texts: 0)
    /// Card flows with nothing in the outbox, and with so many texts waiting.
    var flowsBefore: LoadResult?
    var queued = 0
    var flowsBeside: LoadResult?
    /// The store as large as then, with nothing in the outbox that waits.
    var flowsAfter: LoadResult?
}

struct TextMeasurement: Sendable {
    let program: String
    let configuration: String
    let port: Int
    let smscPort: Int
    let data: BenchData
    let users: TextUsers
    let outbox: BenchOutbox
    let queue: Int
    let database: Int32?
    let rounds: Int
    let time: Duration

    private static let idleTexts = 200
    private static let textConnections = 32
    private static let cardConnections = 32

    func run(_ name: String) async throws -> TextFigures {
        var figures = TextFigures(store: name)
        let centre = try await MessageCentre.listen(port: self.smscPort)
        let server = try ServerProcess(program: self.program, configuration: self.configuration, port: self.port)
        defer { server.stop() }
        try await Self.wait(for: "the server to bind") { centre.arrivals.isBound }
        let processes = MeasuredProcesses(server: server.id, database: self.database)
        figures.idle = try await self.idle(centre.arrivals)
        try await self.measure(centre.arrivals, processes, into: &figures)
        figures.flowsBefore = try await self.cards(processes)
        try await centre.die()
        figures.queued = try await self.fill(processes)
        figures.flowsBeside = try await self.cards(processes)
        try await self.outbox.end()
        figures.flowsAfter = try await self.cards(processes)
        return figures
    }

    /// One text at a time, with a pause between them.
    private func idle(_ arrivals: TextArrivals) async throws -> [Duration] {
        let connection = try LoopbackConnection(port: self.port)
        var (flow, times) = (TextFlow(self.data, users: self.users), [Duration]())
        for _ in 0..<Self.idleTexts {
            guard let question = try flow.next(after: nil) else { break }
            let (start, count) = (ContinuousClock.now, arrivals.count)
            _ = try flow.next(after: try connection.ask(question))
            try await Self.wait(for: "a text to arrive") { arrivals.count > count }
            if let last = arrivals.last { times.append(start.duration(to: last)) }
            try await Task.sleep(for: .milliseconds(20))
        }
        return times.sorted()
    }

    private func measure(
        _ arrivals: TextArrivals, _ processes: MeasuredProcesses, into figures: inout TextFigures
    ) async throws {
        var (rates, later, results): ([Double], [Double], [LoadResult]) = ([], [], [])
        for _ in 0..<self.rounds {
            let start = ContinuousClock.now + self.time / 4
            results.append(try await self.texts(Self.textConnections, processes))
            rates.append(Double(arrivals.count(from: start, until: start + self.time)) / (self.time / .seconds(1)))
            let (left, end) = (self.users.taken - arrivals.count, ContinuousClock.now)
            try await Self.wait(for: "all texts to arrive") { arrivals.count == self.users.taken }
            if let last = arrivals.last, left > 0 {
                later.append(Double(left) / (end.duration(to: last) / .seconds(1)))
            }
        }
        try await Self.wait(for: "all receipts to be taken") { arrivals.receipts == self.users.taken }
        figures.receipts = (try await self.outbox.delivered(), self.users.taken)
        figures.perSecond = rates.sorted()[rates.count / 2]
        figures.afterwards = later.isEmpty ? 0 : later.sorted()[later.count / 2]
        figures.asked = Self.median(results)
    }

    /// Asks for texts until so many wait.
    private func fill(_ processes: MeasuredProcesses) async throws -> Int {
        let before = self.users.taken
        while self.users.taken - before < self.queue { _ = try await self.texts(64, processes) }
        return self.users.taken - before
    }

    private func cards(_ processes: MeasuredProcesses) async throws -> LoadResult {
        var results: [LoadResult] = []
        for _ in 0..<self.rounds {
            let load = Load(
                port: self.port, connections: Self.cardConnections, time: self.time, processes: processes)
            results.append(try await load.run { [data] in CardFlow(data, number: $0, of: Self.cardConnections) })
        }
        return Self.median(results)
    }

    private func texts(_ connections: Int, _ processes: MeasuredProcesses) async throws -> LoadResult {
        let load = Load(port: self.port, connections: connections, time: self.time, processes: processes)
        return try await load.run { [data, users] _ in TextFlow(data, users: users) }
    }

    private static func wait(for what: String, until isSo: () -> Bool) async throws {
        let start = ContinuousClock.now
        while !isSo() {
            guard start.duration(to: .now) < .seconds(60) else { throw BenchError("waited a minute for \(what)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private static func median(_ results: [LoadResult]) -> LoadResult {
        results.sorted { $0.perSecond < $1.perSecond }[results.count / 2]
    }
}
