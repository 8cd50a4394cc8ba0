import ArgumentParser
import Foundation

struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Starts the server on each store, measures it, and prints one table.",
        discussion: "The stores are provisioned already, from the same data file.")

    @Option(help: "The server's program, a release build.")
    var server: String
    @Option(help: "The provisioning file.")
    var data: String
    @Option(help: "The port that the configurations name.")
    var port: Int
    @Option(help: "The configuration of the server on SQLite.")
    var sqlite: String
    @Option(help: "A path for an SQLite file of the benchmark's own, on the same disk.")
    var sqliteRaw: String
    @Option(help: "The configuration of the server on PostgreSQL.")
    var postgres: String?
    @Option(help: "The connection string of a database of the benchmark's own, on the same server.")
    var postgresRaw: String?
    @Option(help: "The process id of the PostgreSQL server.")
    var postgresPid: Int32?
    @Option(help: "Rounds; each figure is the median of so many.")
    var rounds = 3
    @Option(help: "Seconds of each measurement in a round.")
    var seconds = 4.0

    func run() async throws {
        let data = try BenchData(file: self.data)
        let disk = try DiskSync(beside: self.sqliteRaw).median()
        var measured: [StoreFigures] = []
        measured.append(
            try await self.measure("SQLite", self.sqlite, data, try RawCommits(sqlite: self.sqliteRaw), nil))
        if let postgres, let postgresRaw {
            let raw = try RawCommits(postgres: postgresRaw)
            measured.append(try await self.measure("PostgreSQL", postgres, data, raw, self.postgresPid))
        }
        print(Table(stores: measured, diskSync: disk).text, terminator: "")
    }

    private func measure(
        _ name: String, _ configuration: String, _ data: BenchData, _ raw: RawCommits, _ database: Int32?
    ) async throws -> StoreFigures {
        try await raw.prepare()
        let measurement = StoreMeasurement(
            program: self.server, configuration: configuration, port: self.port, data: data, raw: raw,
            database: database, rounds: max(self.rounds, 1), time: .seconds(self.seconds))
        let figures = try await measurement.run(name)
        await raw.close()
        return figures
    }
}

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Puts one load on a server that runs already, for profilers.")

    enum Scenario: String, ExpressibleByArgument { case cards, passwords, trivial }

    @Option(help: "The server's port.")
    var port: Int
    @Option(help: "The provisioning file.")
    var data: String
    @Option(help: "The server's process id.")
    var pid: Int32
    @Option(help: "The process id of the PostgreSQL server.")
    var postgresPid: Int32?
    @Option(help: "Connections.")
    var connections = 32
    @Option(help: "From how many addresses of this machine.")
    var sources = 1
    @Option(help: "Seconds.")
    var seconds = 5.0
    @Argument(help: "cards, passwords or trivial.")
    var scenario: Scenario

    func run() async throws {
        let load = Load(
            port: self.port, connections: self.connections, sources: self.sources, time: .seconds(self.seconds),
            processes: MeasuredProcesses(server: self.pid, database: self.postgresPid))
        print(Table.line("\(self.scenario)", try await load.run(self.conversation(try BenchData(file: self.data)))))
    }

    private func conversation(_ data: BenchData) -> @Sendable (Int) -> any Conversation {
        let (connections, scenario) = (self.connections, self.scenario)
        return { number in
            switch scenario {
            case .cards: CardFlow(data, number: number, of: connections)
            case .passwords: PasswordLogin(data, number: number)
            case .trivial: TrivialRoute()
            }
        }
    }
}
