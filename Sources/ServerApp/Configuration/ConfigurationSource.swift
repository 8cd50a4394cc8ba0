internal import Yams

/// The settings as text: what the file says, with the environment's overrides, and where each came from. Every setting is
/// asked for once; what nobody asked for is unknown.
struct ConfigurationSource {
    struct Setting {
        let text: String
        /// For error messages: `line 12` or the name of the environment variable.
        let origin: String
    }

    private var settings: [String: Setting] = [:]
    private var lists: [String: [Setting]] = [:]
    private var sections: [String: [String]] = [:]
    private(set) var problems: [ConfigurationProblem] = []
    private var asked: Set<String> = []
    private var askedAsList: Set<String> = []

    /// - Parameters:
    ///   - yaml: the file's text.
    ///   - environment: variables; `COUNTERSIGN_LISTEN_PORT` overrides `listen.port`.
    init(yaml: String, environment: [String: String]) {
        do {
            if let root = try Yams.compose(yaml: yaml) { self.collect(root, at: "") }
        } catch {
            self.problems.append(Self.problem(error))
        }
        for (name, value) in environment where name.hasPrefix("COUNTERSIGN_") { self.override(name, value) }
    }

    /// Yams quotes the faulty line, which may hold a secret.
    private static func problem(_ error: any Error) -> ConfigurationProblem {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            ConfigurationProblem(origin: "line \(mark.line)", message: "the file is not valid YAML: \(problem)")
        default: ConfigurationProblem(origin: "the file", message: "is not valid YAML, or names a setting twice")
        }
    }

    mutating func setting(_ key: String) -> Setting? {
        self.asked.insert(key)
        return self.settings[key] ?? self.fromEnvironment[Self.variable(key)]
    }

    /// nil where it is not given at all.
    mutating func optionalList(_ key: String) -> [Setting]? {
        self.asked.insert(key)
        self.askedAsList.insert(key)
        if let value = self.fromEnvironment[Self.variable(key)] {
            return value.text.split(separator: ",").map { Setting(text: String($0), origin: value.origin) }
        }
        return self.lists[key]
    }

    /// The names of the sections directly below a key, in the order of the file.
    func names(below key: String) -> [String] { self.sections[key] ?? [] }

    mutating func note(_ key: String, _ setting: Setting?, _ message: String, hint: String? = nil) {
        self.problems.append(
            ConfigurationProblem(origin: setting?.origin ?? "the file", key: key, message: message, hint: hint))
    }

    /// What stood in the file and was not read: settings of the wrong form, and unknown ones, with the known one that is
    /// nearest in spelling.
    mutating func refuseUnknown() {
        self.refuseWrongForm()
        let given =
            self.settings.map { ($0.key, $0.value.origin) }
            + self.lists.map { ($0.key, $0.value.first?.origin ?? "the file") }
        for (key, origin) in given.sorted(by: { $0.0 < $1.0 })
        where !self.asked.contains(key) && !self.isEmptySection(key) {
            let nearest = self.asked.min { Self.distance($0, key) < Self.distance($1, key) }
            self.problems.append(
                ConfigurationProblem(
                    origin: origin, key: key, message: "is not a setting",
                    hint: nearest.flatMap {
                        Self.distance($0, key) <= max(2, key.count / 3) ? "did you mean \($0)?" : nil
                    }
                        ?? "countersign config shows a template with every setting"))
        }
        let variables = Set(self.asked.map(Self.variable)).union(Self.otherVariables)
        for name in self.fromEnvironment.keys.sorted() where !variables.contains(name) {
            self.problems.append(
                ConfigurationProblem(origin: name, message: "is not a setting's environment variable"))
        }
    }

    /// Variables that are no settings: the last one names the server to the terminal's commands.
    private static let otherVariables = ["COUNTERSIGN_MASTER_KEY", "COUNTERSIGN_CONFIG", "COUNTERSIGN_SERVER"]

    /// A section whose settings are all commented out.
    private func isEmptySection(_ key: String) -> Bool {
        self.settings[key]?.text.isEmpty == true && self.asked.contains { $0.hasPrefix(key + ".") }
    }

    private mutating func refuseWrongForm() {
        for (key, list) in self.lists where self.asked.contains(key) && !self.askedAsList.contains(key) {
            self.note(key, list.first, "is a list", hint: "give it one value")
        }
        for (key, setting) in self.settings
        where self.askedAsList.contains(key) && self.fromEnvironment[Self.variable(key)] == nil {
            self.note(key, setting, "is not a list", hint: "write it in brackets: [first, second]")
        }
    }

    private var fromEnvironment: [String: Setting] = [:]

    private mutating func override(_ name: String, _ value: String) {
        self.fromEnvironment[name] = Setting(text: value, origin: name)
        for key in self.settings.keys where Self.variable(key) == name {
            self.settings[key] = Setting(text: value, origin: name)
        }
    }

    private static func variable(_ key: String) -> String {
        "COUNTERSIGN_" + key.uppercased().map { $0 == "." ? "_" : $0 }
    }

    private mutating func collect(_ node: Node, at key: String) {
        let origin = node.mark.map { "line \($0.line)" } ?? "the file"
        switch node {
        case .mapping(let mapping):
            for (name, value) in mapping {
                guard let name = name.string else { continue }
                self.sections[key, default: []].append(name)
                self.collect(value, at: key.isEmpty ? name : "\(key).\(name)")
            }
        case .scalar(let scalar): self.settings[key] = Setting(text: scalar.string, origin: origin)
        case .sequence(let sequence):
            self.lists[key] = sequence.map { Setting(text: $0.string ?? "", origin: origin) }
        case .alias:
            self.problems.append(ConfigurationProblem(origin: origin, key: key, message: "aliases are not taken"))
        }
    }

    /// Levenshtein's distance.
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, previous + (a == b ? 0 : 1))
                previous = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}

/// One thing that is wrong with the configuration, and what to do. Never carries a setting's value: it may be a secret.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    package let origin: String
    package let key: String?
    package let message: String
    package let hint: String?

    init(origin: String, key: String? = nil, message: String, hint: String? = nil) {
        self.origin = origin
        self.key = key
        self.message = message
        self.hint = hint
    }

    package var description: String {
        let subject = self.key.map { "\($0) " } ?? ""
        return "\(self.origin): \(subject)\(self.message)" + (self.hint.map { "\n    hint: \($0)" } ?? "")
    }
}
