import HTTPEdge
import OAuth
import PasswordHashing
import ServerApp
import Sessions
import Testing
import Time

@Suite("The configuration")
struct ConfigurationTests {
    static let minimum = """
        issuer: https://login.example
        firm:
          name: Firm
        store:
          sqlite:
            path: /srv/countersign.sqlite
        secrets:
          master_key_file: /etc/master.key
        """

    @Test("The variable that names the server to the terminal's commands is no setting, and no mistake")
    func serverVariable() throws {
        let environment = ["COUNTERSIGN_SERVER": "https://login.example.com"]
        let with = try ConfigurationReader.read(yaml: ConfigurationTemplate.text, environment: environment)
        let without = try ConfigurationReader.read(yaml: ConfigurationTemplate.text, environment: [:])
        #expect(with.issuer == without.issuer && with.listen == without.listen)
    }

    @Test("The least that must be said, and the defaults of the rest")
    func minimum() throws {
        let read = try ConfigurationReader.read(yaml: Self.minimum, environment: [:])
        #expect(read.issuer.text == "https://login.example" && read.firm == "Firm")
        #expect(read.listen == .init(host: "127.0.0.1", port: 8080))
        #expect(read.store == .sqlite(path: "/srv/countersign.sqlite"))
        #expect(read.password.cost == .standard && read.password.answerStep == .milliseconds(300))
        #expect(read.sessions.inAll == .hours(24) && read.sessions.idle == .hours(1))
    }

    @Test("The template is taken as it is, and with every setting turned on")
    func template() throws {
        let text = ConfigurationTemplate.text
        _ = try ConfigurationReader.read(yaml: text, environment: [:])
        let on = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let trimmed = line.drop { $0 == " " }
            let setting = trimmed.dropFirst(2)
            guard trimmed.hasPrefix("# "), let colon = setting.firstIndex(of: ":"),
                setting[..<colon].allSatisfy({ $0.isLowercase || $0 == "_" }), setting[colon...].count > 2,
                !["url", "connections", "postgresql"].contains(setting[..<colon])
            else { return String(line) }
            return String(line.prefix(line.count - trimmed.count) + setting)
        }
        let all = try ConfigurationReader.read(yaml: on.joined(separator: "\n"), environment: [:])
        let plain = try ConfigurationReader.read(yaml: text, environment: [:])
        #expect(all.listen == plain.listen && all.password.cost == plain.password.cost)
        #expect(all.sessions == plain.sessions && all.log.level == plain.log.level)
        #expect(all.trustedProxies.map(\.text) == ["127.0.0.1"])
    }

    @Test("A provider's name stands in addresses", arguments: ["carrier a", "a.b", "a/b", "ä", ""])
    func providerNames(name: String) throws {
        let yaml = """
            \(Self.minimum)
            delivery:
              providers:
                "\(name)": {kind: smtp, host: mail.example, from: a@mail.example}
            """
        #expect {
            try ConfigurationReader.read(yaml: yaml, environment: [:])
        } throws: { "\($0)".contains("cannot be a provider's name") }
        let plain = yaml.replacing("\"\(name)\"", with: "Carrier-1_b")
        #expect(try ConfigurationReader.read(yaml: plain, environment: [:]).delivery.providers.count == 1)
    }

    @Test("Every problem at once, each with its line and what to do")
    func allAtOnce() throws {
        let yaml = """
            issuer: http://login.example
            frim:
              name: Firm
            listen:
              port: 65536
            store:
              sqlite:
                path: /x
              postgresql:
                url: postgresql://u:canary@db/x
            password:
              memory_kib: 64
              passes: two
            session:
              minutes_idle: 61
            log:
              level: loud
            """
        let error = try #require(throws: ConfigurationError.self) {
            _ = try ConfigurationReader.read(yaml: yaml, environment: ["COUNTERSIGN_LISTEN_PROT": "1"])
        }
        let text = "\(error)"
        for part in [
            "line 1: issuer", "firm.name is missing", "line 3: frim.name is not a setting", "did you mean firm.name?",
            "line 5: listen.port", "store names two stores", "line 12: password.memory_kib", "line 13: password.passes",
            "line 15: session.minutes_idle", "line 17: log.level", "secrets.master_key_file is missing",
            "COUNTERSIGN_LISTEN_PROT",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(error.problems.count == 11, "\(text)")
        #expect(!text.contains("canary"))
    }

    @Test("The environment wins")
    func environment() throws {
        let read = try ConfigurationReader.read(
            yaml: Self.minimum + "\nlisten:\n  port: 1\ntrusted_proxies: [10.0.0.1]",
            environment: [
                "COUNTERSIGN_LISTEN_PORT": "8443", "COUNTERSIGN_FIRM_NAME": "Other",
                "COUNTERSIGN_TRUSTED_PROXIES": "10.0.0.2,10.0.0.3", "COUNTERSIGN_SESSION_MINUTES_IDLE": "5",
                "COUNTERSIGN_MASTER_KEY": "x", "PATH": "/bin",
            ])
        #expect(read.listen.port == 8443 && read.firm == "Other" && read.sessions.idle == .minutes(5))
        #expect(read.trustedProxies.map(\.text) == ["10.0.0.2", "10.0.0.3"])
    }

    @Test(
        "A bad value never falls back to the default",
        arguments: [
            "listen: {port: [1]}", "listen: {port: {a: 1}}", "listen: {port: ''}", "listen: 1",
            "trusted_proxies: 10.0.0.1",
            "trusted_proxies: {a: 10.0.0.1}", "trusted_proxies: [10.0.0]", "trusted_proxies: [[10.0.0.1]]",
            "log: {level: [info]}",
            "password: {threads: -1}", "password: {passes: +2}", "session: {minutes_idle: 0}",
            "password: {memory_kib: 19455}",
            "log: {format: xml}", "password: {answer_milliseconds: 0}",
        ])
    func noFallBack(line: String) {
        #expect(throws: ConfigurationError.self) {
            _ = try ConfigurationReader.read(yaml: Self.minimum + "\n" + line, environment: [:])
        }
    }

    @Test(
        "What is no YAML, or not a mapping",
        arguments: [
            "", "just text", "- a", "issuer: [", "issuer: a\nissuer: b", "a: &x 1\nb: *x", "\tissuer: x",
        ])
    func notYAML(yaml: String) {
        #expect(throws: ConfigurationError.self) { _ = try ConfigurationReader.read(yaml: yaml, environment: [:]) }
    }

    @Test(
        "A mistake in the file's form shows no value of it",
        arguments: [
            "store:\n  postgresql:\n    url: \"postgresql://u:canary-secret@db\" x",
            "store: {postgresql: {url: 'canary-secret",
            "url: canary-secret: x",
        ])
    func noValue(yaml: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            _ = try ConfigurationReader.read(yaml: yaml, environment: [:])
        }
        #expect(!"\(error)".contains("canary"))
        #expect("\(error)".contains("line"))
    }
}
