internal import ArgumentParser
internal import Encodings

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit trail, newest first.",
        discussion: """
            Example: countersign audit --user alice --outcome failure --since 2026-11-01T00:00:00Z
            Example: countersign audit --event login.granted --limit 1000 --json
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Option(help: "Whom it is about, by user name.") var user: String?
    @Option(help: "Which application, by client id.") var application: String?
    @Option(help: "What happened, for example login.granted.") var event: String?
    @Option(help: "success, failure or information.") var outcome: String?
    @Option(help: "Who acted, where it was not the user.") var actor: String?
    @Option(help: "From which address.") var address: String?
    @Option(help: "From then on, as 2026-01-31T09:30:00Z.") var since: String?
    @Option(help: "Before then.") var until: String?
    @Option(help: "Older than this entry: the id of the last one of an earlier answer.") var before: String?
    @Option(help: "At most so many, 1 to 1000.") var limit = 50

    func run() async throws {
        let query = Path.query([
            ("user", self.user), ("application", self.application), ("event", self.event), ("outcome", self.outcome),
            ("actor", self.actor), ("address", self.address), ("since", self.since), ("until", self.until),
            ("before", self.before), ("limit", "\(self.limit)"),
        ])
        self.output.show(try await self.server.call("GET", "/audit\(query)")) { answer in
            answer.elements("entries").map(Self.line)
        }
    }

    static func line(_ entry: JSONValue) -> String {
        let parts = ["reason", "user", "application", "actor", "explanation", "address"].compactMap { name in
            entry[name].map { _ in "\(name)=\(entry.shown(name))" }
        }
        return "  \(entry.shown("at"))  \(entry.shown("event")) \(entry.shown("outcome"))  "
            + parts.joined(separator: " ")
    }
}
