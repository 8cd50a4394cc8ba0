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

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application", abstract: "Register applications, and list them.",
        subcommands: [ApplicationList.self, ApplicationAdd.self])
}

struct ApplicationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the registered applications.",
        discussion: "Example: countersign application list")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        self.output.show(try await self.server.call("GET", "/applications")) { answer in
            Columns.lines(
                ["CLIENT ID", "NAME", "KIND", "SECRET", "PERMISSIONS", "REDIRECT ADDRESSES"],
                answer.elements("applications").map { application in
                    ["client_id", "name", "kind", "confidential", "permissions", "redirect_uris"].map(application.shown)
                })
        }
    }
}

struct ApplicationAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register an application. Its secret is printed, once.",
        discussion: """
            Example: countersign application add client-portal --name 'Client Portal' \
            --redirect https://portal.example.com/callback --reason 'go-live'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The client id.") var clientID: String
    @Option(help: "What users call it.") var name: String
    @Option(help: "The same in Traditional Chinese.") var nameZhHant: String?
    @Option(help: "web or native.") var kind = "web"
    @Flag(help: "A public client: it has no secret.") var `public` = false
    @Option(help: "A redirect address, exactly. May be given several times.") var redirect: [String] = []
    @Option(help: "An address after logout. May be given several times.") var postLogoutRedirect: [String] = []
    @Option(help: "factor_check, login_api, admin_api, offline_access or introspection. May be given several times.")
    var permission: [String] = []

    func run() async throws {
        let body = JSONValue.object(omittingAbsent: [
            "client_id": .string(self.clientID), "name": .string(self.name),
            "name_zh_hant": self.nameZhHant.map(JSONValue.string), "kind": .string(self.kind),
            "confidential": .bool(!self.public),
            "redirect_uris": .array(self.redirect.map(JSONValue.string)),
            "post_logout_redirect_uris": .array(self.postLogoutRedirect.map(JSONValue.string)),
            "permissions": .array(self.permission.map(JSONValue.string)), "reason": .string(self.why.reason),
        ])
        self.output.show(try await self.server.call("POST", "/applications", body)) { answer in
            guard answer["client_secret"] != nil else { return ["registered \(self.clientID), without a secret"] }
            return [
                "registered \(self.clientID)", "client secret (shown once): \(answer.shown("client_secret"))",
            ]
        }
    }
}
