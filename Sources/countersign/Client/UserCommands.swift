internal import ArgumentParser
internal import Encodings

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Find users, see why they cannot log in, and help them.",
        discussion: "What you may do depends on your role: help_desk, administrator or auditor. Log in first.",
        subcommands: [
            UserFind.self, UserShow.self, UserAdd.self, UserLiftLock.self, UserEndSessions.self, UserDisable.self,
            UserEnable.self, UserRoles.self, UserActivationCode.self, UserRecover.self, UserCancelRecovery.self,
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
            "e-mail: \(user.shown("email"))   open sessions: \(answer.shown("open_sessions"))",
        ]
        let obstacles = answer.elements("obstacles").map { "  " + Self.words($0) }
        let authenticators = answer.elements("authenticators").map { authenticator in
            "  security card ending in \(authenticator.shown("label")): \(authenticator.shown("status")), "
                + "last used \(authenticator.shown("last_used_at")), wrong answers \(authenticator.shown("wrong_answers"))"
        }
        let recent = answer.elements("recent").map(AuditCommand.line)
        return head + [obstacles.isEmpty ? "Nothing keeps the user from logging in." : "A login fails just now:"]
            + obstacles + ["Authenticators:"] + authenticators + ["Newest entries:"] + recent
    }

    private static func words(_ obstacle: JSONValue) -> String {
        let until = obstacle.shown("until")
        let label = obstacle.shown("label")
        return switch obstacle.shown("kind") {
        case "user_disabled": "the user is disabled: countersign user enable"
        case "no_password": "the user has no password yet: countersign user activation-code"
        case "password_locked": "the password is locked until \(until) for unknown browsers: countersign user lift-lock"
        case "password_must_be_set": "too many wrong passwords over all: it must be set anew: countersign user recover"
        case "no_active_authenticator": "the user has no authenticator that can be used"
        case "responses_blocked": "too many wrong responses: blocked until \(until): countersign user lift-lock"
        case "authenticator_blocked": "the card ending in \(label) is blocked until \(until)"
        case "authenticator_unusable": "the card ending in \(label) cannot be used"
        default: obstacle.shown("kind")
        }
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
    @Option(help: "A role: administrator, help_desk or auditor. May be given several times.") var role: [String] = []

    func run() async throws {
        var members: [JSONValue.Member] = [
            .init("username", .string(self.user)), .init("name", .string(self.name)),
            .init("roles", .array(self.role.map(JSONValue.string))), self.why.member,
        ]
        if let email = self.email { members.append(.init("email", .string(email))) }
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

/// A command that does one thing to a user, with a reason.
protocol UserAction: AsyncParsableCommand {
    var server: ServerOption { get }
    var output: OutputOption { get }
    var why: ReasonOption { get }
    var user: String { get }
    static var call: String { get }
    func done(_ answer: JSONValue) -> String
}

extension UserAction {
    func run() async throws {
        let path = "/users/\(Path.component(self.user))/\(Self.call)"
        self.output.show(try await self.server.call("POST", path, .object([self.why.member]))) { [self.done($0)] }
    }
}

struct UserLiftLock: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "lift-lock", abstract: "Lift the locks of a user's password and authenticators.",
        discussion: "Example: countersign user lift-lock alice --reason 'called from the number on file'")
    static let call = "lift-lock"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func done(_ answer: JSONValue) -> String { "lifted: \(self.user) can try again" }
}

struct UserEndSessions: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "end-sessions", abstract: "End all sessions of a user.",
        discussion: "Example: countersign user end-sessions alice --reason 'laptop stolen'")
    static let call = "end-sessions"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func done(_ answer: JSONValue) -> String { "ended \(answer.shown("ended")) sessions of \(self.user)" }
}

struct UserDisable: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable a user: no login any more, and all sessions end.",
        discussion: "Example: countersign user disable alice --reason 'left the firm'")
    static let call = "disable"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func done(_ answer: JSONValue) -> String { "disabled \(self.user)" }
}

struct UserEnable: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enable a user again.",
        discussion: "Example: countersign user enable alice --reason 'came back'")
    static let call = "enable"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func done(_ answer: JSONValue) -> String { "enabled \(self.user)" }
}
