internal import ArgumentParser
internal import Encodings

struct UserChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Change where and in which language a user is written to.",
        discussion: """
            Notices of every change in how the user logs in go to the address. The old one hears of the new one.

            Example: countersign user change alice --language zh-Hant --reason 'asked for it by telephone'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The user name.") var user: String
    @Option(help: "An e-mail address.") var email: String?
    @Option(help: "en or zh-Hant.") var language: String?

    func validate() throws {
        guard self.email == nil, self.language == nil else { return }
        throw ValidationError("Say what is to change: --email or --language.")
    }

    func run() async throws {
        let given = [("email", self.email), ("language", self.language)]
        let members = given.compactMap { name, value in value.map { JSONValue.Member(name, .string($0)) } }
        let path = "/users/\(Path.component(self.user))"
        self.output.show(try await self.server.call("PATCH", path, .object(members + [self.why.member]))) { answer in
            [
                "changed \(self.user)",
                "e-mail: \(answer.shown("email"))   language: \(answer.shown("language"))",
            ]
        }
    }
}
