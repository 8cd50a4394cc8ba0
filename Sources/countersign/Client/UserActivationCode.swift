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
