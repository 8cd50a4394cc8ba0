internal import Encodings

/// One line of the doctor's report: what was looked at, how it is, and what to do. It holds no secret.
package struct Finding: Hashable, Sendable, CustomStringConvertible {
    package enum Level: String, Sendable, CaseIterable { case ok, warning, problem }

    package let level: Level
    package let subject: String
    package let message: String
    /// What to do; nil where nothing is to be done.
    package let hint: String?

    package init(_ level: Level, _ subject: String, _ message: String, hint: String? = nil) {
        self.level = level
        self.subject = subject
        self.message = message
        self.hint = hint
    }

    /// A problem from an error that says what to do after `hint:`.
    init(_ subject: String, _ error: StartError) {
        let parts = error.description.split(separator: "\n    hint: ", maxSplits: 1)
        self.init(
            .problem, subject, parts.first.map(String.init) ?? "", hint: parts.dropFirst().first.map(String.init))
    }

    package var description: String {
        let level = self.level.rawValue.padding(to: 9)
        return "\(level)\(self.subject): \(self.message)" + (self.hint.map { "\n         hint: \($0)" } ?? "")
    }

    /// All of them, for programs.
    package static func json(_ findings: [Finding]) -> String {
        let lines = findings.map { finding in
            JSONValue.object(omittingAbsent: [
                "level": .string(finding.level.rawValue), "subject": .string(finding.subject),
                "message": .string(finding.message), "hint": finding.hint.map(JSONValue.string),
            ])
        }
        return String(decoding: JSONValue.array(lines).encoded(), as: UTF8.self)
    }
}

extension String {
    fileprivate func padding(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - self.count))
    }
}
