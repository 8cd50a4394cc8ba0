internal import ArgumentParser
internal import Encodings

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application", abstract: "Register applications, see, change and remove them.",
        discussion: """
            An administrator changes them, an auditor sees them. Log in first.

            Example: countersign application show client-portal
            """,
        subcommands: [
            ApplicationList.self, ApplicationShow.self, ApplicationAdd.self, ApplicationChange.self,
            StepCommand<ApplicationStep.RotateSecret>.self, StepCommand<ApplicationStep.Remove>.self,
        ])
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
                ["CLIENT ID", "NAME", "KIND", "PROOF", "PERMISSIONS", "REDIRECT ADDRESSES"],
                answer.elements("applications").map { application in
                    ["client_id", "name", "kind", "token_endpoint_auth_method", "permissions", "redirect_uris"]
                        .map(application.shown)
                })
        }
    }
}

struct ApplicationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all that an application is registered with, but its secret.",
        discussion: "Example: countersign application show client-portal")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The client id.") var clientID: String

    func run() async throws {
        self.output.show(
            try await self.server.call("GET", ApplicationLines.path(self.clientID)), lines: ApplicationLines.of)
    }
}

/// What staff do to an application in one step.
enum ApplicationStep {
    enum RotateSecret: StaffStep {
        typealias Subject = ApplicationSubject
        static let name = "rotate-secret"
        static let abstract = "Give an application a new secret. It is printed, once, and the old one ends."
        static let reason = "a developer left"
        static let discussion = """
            The old secret is refused from this moment, so have the application at hand. To change without a gap, let it \
            prove itself by keys: a set may hold the old one and the new one.
            """

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] { ApplicationLines.secret(answer) }
    }

    enum Remove: StaffStep {
        typealias Subject = ApplicationSubject
        static let name = "remove"
        static let abstract = "Remove an application, with its tokens. Users stay logged in elsewhere."
        static let reason = "replaced by another"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] { ["removed \(subject)"] }
    }
}

/// An application for people.
enum ApplicationLines {
    static func path(_ clientID: String) -> String { "/applications/\(Path.component(clientID))" }

    static func of(_ application: JSONValue) -> [String] {
        let known = [
            ("name", "name"), ("name in Traditional Chinese", "name_zh_hant"), ("kind", "kind"),
            ("users have before them", "surface"),
            ("proves itself by", "token_endpoint_auth_method"),
            ("its ID tokens are signed with", "id_token_signed_response_alg"),
            ("redirect addresses", "redirect_uris"), ("addresses after logout", "post_logout_redirect_uris"),
            ("hears of logouts at", "backchannel_logout_uri"), ("permissions", "permissions"),
        ].filter { application[$0.1] != nil && application[$0.1] != [] }
        return ["application \(application.shown("client_id"))"]
            + known.map { "  \($0.0): \(application.shown($0.1))" } + Self.keys(application) + Self.secret(application)
    }

    /// Its secret, where one was just made.
    static func secret(_ answer: JSONValue) -> [String] {
        answer["client_secret"] == nil ? [] : ["client secret (shown once): \(answer.shown("client_secret"))"]
    }

    private static func keys(_ application: JSONValue) -> [String] {
        (application["jwks"]?.elements("keys") ?? []).map { "  key: \($0.shown("alg")), kid \($0.shown("kid"))" }
    }
}
