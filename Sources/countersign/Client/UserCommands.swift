internal import ArgumentParser
internal import Encodings

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Find users, see why they cannot log in, and help them.",
        discussion: """
            What you may do depends on your role: help_desk, administrator or auditor. Log in first.

            Example: countersign user show alice
            """,
        subcommands: [
            UserFind.self, UserShow.self, UserAdd.self, UserChange.self,
            StepCommand<UserStep.LiftLock>.self, StepCommand<UserStep.EndSessions>.self,
            StepCommand<UserStep.Disable>.self,
            StepCommand<UserStep.Enable>.self, UserRoles.self, UserActivationCode.self,
            StepCommand<UserStep.Recover>.self, StepCommand<UserStep.CancelRecovery>.self,
        ])
}

struct UserFind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "List users by the beginning of their names.",
        discussion: "Example: countersign user find al")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Argument(help: "How the user name begins.") var name = ""
    @Option(help: "At most so many, 1 to 100.") var limit = 20

    func run() async throws {
        let query = Path.query([("name", self.name.isEmpty ? nil : self.name), ("limit", "\(self.limit)")])
        self.output.show(try await self.server.call("GET", "/users\(query)")) { answer in
            Columns.lines(
                ["USER", "NAME", "STATUS", "ROLES"],
                answer.elements("users").map {
                    [$0.shown("username"), $0.shown("name"), $0.shown("status"), $0.shown("roles")]
                })
        }
    }
}

struct UserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a user, and why a login would fail just now.",
        discussion: "Example: countersign user show alice")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The user name.") var user: String

    func run() async throws {
        self.output.show(try await self.server.call("GET", "/users/\(Path.component(self.user))"), lines: Self.lines)
    }

    private static func lines(_ answer: JSONValue) -> [String] {
        let user = answer["user"] ?? .null
        let head = [
            "\(user.shown("username")) (\(user.shown("name"))), \(user.shown("status")), roles: \(user.shown("roles"))",
            "e-mail: \(user.shown("email"))   language: \(user.shown("language"))   open sessions: \(answer.shown("open_sessions"))",
        ]
        let obstacles = answer.elements("obstacles").map { "  " + Self.words($0) }
        let authenticators = answer.elements("authenticators").map { authenticator in
            "  \(Self.name(authenticator, "kind")): \(authenticator.shown("status")), "
                + "last used \(authenticator.shown("last_used_at")), wrong answers \(authenticator.shown("wrong_answers"))"
        }
        let recent = answer.elements("recent").map(AuditCommand.line)
        return head + [obstacles.isEmpty ? "Nothing keeps the user from logging in." : "A login fails just now:"]
            + obstacles + ["Authenticators:"] + authenticators + ["Newest entries:"] + recent
    }

    private static func words(_ obstacle: JSONValue) -> String {
        let until = obstacle.shown("until")
        let name = Self.name(obstacle, "authenticator_kind")
        return switch obstacle.shown("kind") {
        case "user_disabled": "the user is disabled: countersign user enable"
        case "no_password": "the user has no password yet: countersign user activation-code"
        case "password_locked": "the password is locked until \(until) for unknown browsers: countersign user lift-lock"
        case "password_must_be_set": "too many wrong passwords over all: it must be set anew: countersign user recover"
        case "no_active_authenticator": "the user has no authenticator that can be used"
        case "responses_blocked": "too many wrong responses: blocked until \(until): countersign user lift-lock"
        case "activation_blocked":
            "too many wrong activation codes: none is taken until \(until): countersign user lift-lock"
        case let kind: obstacle["authenticator_kind"] == nil ? kind : "the \(name) \(Self.what(obstacle, until: until))"
        }
    }

    /// What is the matter with one authenticator.
    private static func what(_ obstacle: JSONValue, until: String) -> String {
        switch obstacle.shown("kind") {
        case "authenticator_unusable": "is \(obstacle.shown("status"))"
        case "authenticator_not_yet_usable": "may be used from \(until) on"
        case "authenticator_expired": "has ended, on \(obstacle.shown("since"))"
        case "authenticator_blocked": "is blocked by wrong answers until \(until): countersign user lift-lock"
        case "challenged_too_often": "was challenged too often in this hour, which ends at \(until)"
        case "pin_must_change": "has a PIN that must be changed: the login page leads there, programs are refused"
        case "codes_ended": "takes no codes any more: by the firm's policy what else the user has ends them"
        case "codes_stopped":
            "is in a block of numbers to which no codes go"
                + (obstacle["until"] == nil ? "" : " until \(until)") + ": countersign delivery blocks"
        case "codes_withheld": "got no code, since its SIM card was changed of late"
        case "codes_used_up": "has got as many codes as it may until \(until)"
        case "codes_not_sent": "lies where the firm sends no codes"
        default: obstacle.shown("kind")
        }
    }

    private static func name(_ value: JSONValue, _ kind: String) -> String {
        let word =
            switch value.shown(kind) {
            case "security_card": "security card"
            case "phone_number": "phone number"
            default: "authenticator"
            }
        return "\(word) ending in \(value.shown("label"))"
    }
}

struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a user, who sets the first password with an activation code.",
        discussion: "Example: countersign user add alice --name 'Alice Chan' --reason 'account opened'")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String
    @Option(help: "What the user is greeted by.") var name: String
    @Option(help: "An e-mail address.") var email: String?
    @Option(help: "en or zh-Hant: in which the user is written to.") var language: String?
    @Option(help: "A role: administrator, help_desk or auditor. May be given several times.") var role: [String] = []

    func run() async throws {
        var members: [JSONValue.Member] = [
            .init("username", .string(self.user)), .init("name", .string(self.name)),
            .init("roles", .array(self.role.map(JSONValue.string))), self.why.member,
        ]
        if let email = self.email { members.append(.init("email", .string(email))) }
        if let language = self.language { members.append(.init("language", .string(language))) }
        self.output.show(try await self.server.call("POST", "/users", .object(members))) { _ in
            ["added \(self.user)"]
        }
    }
}

struct UserRoles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Give a user these roles, and no others. Their sessions end.",
        discussion: "Example: countersign user roles helen --role help_desk --reason 'joined the desk'")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String
    @Option(help: "administrator, help_desk or auditor. None: the user has no role any more.") var role: [String] = []

    func run() async throws {
        let body = JSONValue.object([.init("roles", .array(self.role.map(JSONValue.string))), self.why.member])
        let path = "/users/\(Path.component(self.user))/roles"
        self.output.show(try await self.server.call("PUT", path, body)) { ["roles: \($0.shown("roles"))"] }
    }
}
