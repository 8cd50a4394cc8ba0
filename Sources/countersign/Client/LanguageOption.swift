internal import ArgumentParser
internal import Foundation
internal import Languages
internal import TerminalClient

/// `--language TAG`, for what a user is asked and told. Help texts, and the commands of staff and operators, are in English.
struct LanguageOption: ParsableArguments {
    @Option(help: "en or zh-Hant; LC_ALL, LC_MESSAGES or LANG where this is not given.")
    var language: Language?

    var messages: TerminalMessages {
        TerminalMessages(self.language ?? Language(environment: ProcessInfo.processInfo.environment))
    }
}

extension Language: ExpressibleByArgument {}
