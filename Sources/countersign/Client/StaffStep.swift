internal import ArgumentParser
internal import Encodings

/// Something that staff do to one user, card or application, by one call whose body is the reason alone.
protocol StaffStep {
    associatedtype Subject: StaffSubject
    /// What the command and the call are named.
    static var name: String { get }
    static var abstract: String { get }
    /// What else there is to know; empty for nothing.
    static var discussion: String { get }
    /// A reason, for the example.
    static var reason: String { get }
    /// Where it is not ``name``.
    static var call: String { get }
    static func lines(_ answer: JSONValue, _ subject: String) -> [String]
}

extension StaffStep {
    static var discussion: String { "" }
    static var call: String { self.name }
}

extension StaffStep where Subject == CardSubject {
    static func lines(_ answer: JSONValue, _ subject: String) -> [String] { CardLines.of(answer) }
}

/// What a step is done to.
protocol StaffSubject {
    static var command: String { get }
    static var path: String { get }
    static var argument: ArgumentHelp { get }
    static var example: String { get }
}

enum UserSubject: StaffSubject {
    static let command = "user"
    static let path = "/users"
    static let argument = ArgumentHelp("The user name.", valueName: "user")
    static let example = "alice"
}

enum CardSubject: StaffSubject {
    static let command = "card"
    static let path = "/cards"
    static let argument = ArgumentHelp("The serial number on the card.", valueName: "serial")
    static let example = "CS-100001"
}

enum ApplicationSubject: StaffSubject {
    static let command = "application"
    static let path = "/applications"
    static let argument = ArgumentHelp("The client id.", valueName: "client-id")
    static let example = "client-portal"
}

/// The command of a step.
struct StepCommand<Step: StaffStep>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        let subject = Step.Subject.self
        let example =
            "Example: countersign \(subject.command) \(Step.name) \(subject.example) --reason '\(Step.reason)'"
        return CommandConfiguration(
            commandName: Step.name, abstract: Step.abstract,
            discussion: Step.discussion.isEmpty ? example : "\(Step.discussion)\n\n\(example)")
    }

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: Step.Subject.argument) var subject: String

    func run() async throws {
        let path = "\(Step.Subject.path)/\(Path.component(self.subject))/\(Step.call)"
        self.output.show(try await self.server.call("POST", path, .object([self.why.member]))) {
            Step.lines($0, self.subject)
        }
    }
}
