internal import ArgumentParser
internal import Encodings

struct ApplicationAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register an application. Its secret is printed, once.",
        discussion: """
            Example: countersign application add client-portal --name 'Client Portal' \
            --redirect https://portal.example.com/callback --reason 'go-live'
            Example: countersign application add desk --name Desk --jwks desk-keys.json --id-token-alg RS256 \
            --redirect https://desk.example.com/cb --backchannel-logout https://desk.example.com/logout --reason 'go-live'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The client id.") var clientID: String
    @Option(help: "What users call it.") var name: String
    @OptionGroup var options: ApplicationOptions

    func run() async throws {
        let named: [JSONValue.Member] = [.init("client_id", .string(self.clientID)), .init("name", .string(self.name))]
        let options = try self.options.members()
        let body = JSONValue.object(named + options + [self.why.member])
        self.output.show(try await self.server.call("POST", "/applications", body)) { answer in
            let secret = ApplicationLines.secret(answer)
            return ["registered \(self.clientID)" + (secret.isEmpty ? ", without a secret" : "")] + secret
        }
    }
}

/// What can be taken away from an application.
enum ApplicationPart: String, ExpressibleByArgument, CaseIterable {
    case nameZhHant = "name-zh-hant"
    case redirect
    case postLogoutRedirect = "post-logout-redirect"
    case backchannelLogout = "backchannel-logout"
    case permission

    /// What the admin API calls it.
    var member: String {
        switch self {
        case .nameZhHant: "name_zh_hant"
        case .redirect: "redirect_uris"
        case .postLogoutRedirect: "post_logout_redirect_uris"
        case .backchannelLogout: "backchannel_logout_uri"
        case .permission: "permissions"
        }
    }
}

struct ApplicationChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Change what an application is registered with; the rest stays.",
        discussion: """
            What may be given several times is replaced as a whole. An application that begins to prove itself by a secret \
            gets one, which is printed, once; one that ceases to loses it.

            Example: countersign application change client-portal --redirect https://portal.example.com/callback \
            --redirect https://new.example.com/callback --reason 'the new site'
            Example: countersign application change client-portal --clear post-logout-redirect --reason 'not used'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The client id.") var clientID: String
    @Option(help: "What users call it.") var name: String?
    @OptionGroup var options: ApplicationOptions
    @Option(help: "Take this away. May be given several times.") var clear: [ApplicationPart] = []

    func run() async throws {
        var members = try self.options.members()
        if let name = self.name { members.append(.init("name", .string(name))) }
        let given = Set(members.map(\.name))
        if let twice = self.clear.first(where: { given.contains($0.member) }) {
            throw Failure("--\(twice.rawValue) is given, and --clear \(twice.rawValue)", hint: "nothing was changed")
        }
        members += Set(self.clear).map { JSONValue.Member($0.member, .null) }
        // Keys go with one way of proof: with another they go.
        if let auth = self.options.proof, auth != "private_key_jwt" { members.append(.init("jwks", .null)) }
        let path = ApplicationLines.path(self.clientID)
        self.output.show(
            try await self.server.call("PATCH", path, .object(members + [self.why.member])), lines: ApplicationLines.of)
    }
}
