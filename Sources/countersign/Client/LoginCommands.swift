internal import ArgumentParser
internal import Foundation
internal import TerminalClient

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in to a running server, with password and second factor.",
        discussion: """
            While the session lasts it logs in again without asking. What does that rests in a file of yours alone, in \
            $XDG_STATE_HOME/countersign or ~/.local/state/countersign.

            Example: countersign login --server https://login.example.com --user alice
            Example: countersign login --language zh-Hant
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var language: LanguageOption
    @Option(help: "Your user name; asked for where it is not given.")
    var user: String?
    @Flag(help: "Ask for everything again, even if you are logged in.")
    var again = false

    func run() async throws {
        let messages = self.language.messages
        try await self.server.session(messages) { session in
            if !self.again, let who = try await session.whoAmI(), self.user == nil || self.user == who.userName {
                return print(messages.text(.loggedInAs, ["user": who.userName, "name": who.name]))
            }
            let name = try await session.logIn(userName: self.user, console: Console(), messages: messages)
            print(messages.text(.welcome, ["name": name]))
        }
    }
}

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "End your session at the server.",
        discussion: "Example: countersign logout --server https://login.example.com")

    @OptionGroup var server: ServerOption
    @OptionGroup var language: LanguageOption

    func run() async throws {
        let messages = self.language.messages
        try await self.server.session(messages) { session in
            print(messages.text(try await session.logOut() ? .loggedOut : .notLoggedIn))
        }
    }
}

struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say who is logged in.",
        discussion: "Example: countersign whoami")

    @OptionGroup var server: ServerOption
    @OptionGroup var language: LanguageOption

    func run() async throws {
        try await self.server.session(self.language.messages) { session in
            guard let who = try await session.whoAmI() else {
                throw TerminalError.notLoggedIn(server: self.server.server)
            }
            print("\(who.userName) (\(who.name))")
        }
    }
}
