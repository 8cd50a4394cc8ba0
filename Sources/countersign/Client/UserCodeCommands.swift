internal import ArgumentParser
internal import Encodings

struct UserActivationCode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activation-code", abstract: "Issue a code for a user's first password. It is printed, once.",
        discussion: """
            For a letter it works 21 days, read out to a user whom you identified 10 minutes. A new code takes the place of
            an earlier one.

            Example: countersign user activation-code alice --kind letter --reason 'account opened'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String
    @Option(help: "letter or spoken: how it reaches the user.") var kind: String

    func run() async throws {
        let path = "/users/\(Path.component(self.user))/activation-code"
        let body = JSONValue.object([.init("kind", .string(self.kind)), self.why.member])
        self.output.show(try await self.server.call("POST", path, body)) { answer in
            [
                "activation code for \(self.user): \(answer.shown("code"))",
                "it works until \(answer.shown("expires_at"))",
            ]
        }
    }
}

struct UserRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Start the recovery of a user who lost the password. Its code is printed, once.",
        discussion: """
            The code works after 72 hours; the user is told at once, and can cancel.

            Example: countersign user recover alice --reason 'identified at the branch with a passport'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func run() async throws {
        let path = "/users/\(Path.component(self.user))/recovery"
        self.output.show(try await self.server.call("POST", path, .object([self.why.member]))) { answer in
            [
                "recovery code for \(self.user): \(answer.shown("code"))",
                "it works from \(answer.shown("usable_from")) until \(answer.shown("expires_at"))",
            ]
        }
    }
}

struct UserCancelRecovery: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "cancel-recovery", abstract: "Cancel the recovery of a user.",
        discussion: "Example: countersign user cancel-recovery alice --reason 'it was somebody else'")
    static let call = "recovery/cancel"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String

    func done(_ answer: JSONValue) -> String {
        answer["cancelled"] == true
            ? "cancelled the recovery of \(self.user)" : "\(self.user) has no recovery under way"
    }
}
