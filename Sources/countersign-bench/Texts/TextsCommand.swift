import ArgumentParser

struct TextsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "texts",
        abstract: "Measures texts on the server's way to an SMSC, on each store, and prints one table.",
        discussion: """
            The stores are provisioned already: users with cards, and users with telephones, none of whom has had a text.
            """)

    @Option(help: "The server's program, a release build.")
    var server: String
    @Option(help: "The provisioning file of the users with cards.")
    var data: String
    @Option(help: "How many users have a telephone.")
    var telephones: Int
    @Option(help: "How many texts wait at once for a provider that is dead.")
    var queue: Int
    @Option(help: "The port that the configurations name.")
    var port: Int
    @Option(help: "The port of the SMSC that the configurations name.")
    var smscPort: Int
    @Option(help: "The configuration of the server on SQLite.")
    var sqlite: String
    @Option(help: "The store that it names.")
    var sqliteStore: String
    @Option(help: "The configuration of the server on PostgreSQL.")
    var postgres: String?
    @Option(help: "The connection string that it names.")
    var postgresStore: String?
    @Option(help: "The process id of the PostgreSQL server.")
    var postgresPid: Int32?
    @Option(help: "Rounds; each figure is the median of so many.")
    var rounds = 3
    @Option(help: "Seconds of each measurement in a round.")
    var seconds = 4.0

    func run() async throws {
        let data = try BenchData(file: self.data)
        var measured: [TextFigures] = []
        measured.append(
            try await self.measure("SQLite", self.sqlite, data, try BenchOutbox(sqlite: self.sqliteStore), nil))
        if let postgres, let postgresStore {
            let outbox = try BenchOutbox(postgres: postgresStore)
            measured.append(try await self.measure("PostgreSQL", postgres, data, outbox, self.postgresPid))
        }
        print(TextTable(stores: measured).text, terminator: "")
    }

    private func measure(
        _ name: String, _ configuration: String, _ data: BenchData, _ outbox: BenchOutbox, _ database: Int32?
    ) async throws -> TextFigures {
        let measurement = TextMeasurement(
            program: self.server, configuration: configuration, port: self.port, smscPort: self.smscPort, data: data,
            users: TextUsers(count: self.telephones), outbox: outbox, queue: self.queue, database: database,
            rounds: max(self.rounds, 1), time: .seconds(self.seconds))
        let figures = try await measurement.run(name)
        await outbox.close()
        return figures
    }
}
