internal import Authenticators
internal import Flows
internal import HTTPEdge
internal import Identity
internal import Logging
internal import OAuth
internal import PasswordHashing
internal import Sessions
internal import Time

/// All that is wrong with a configuration, at once.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    package let problems: [ConfigurationProblem]

    package var description: String {
        "the configuration has \(self.problems.count) problem\(self.problems.count == 1 ? "" : "s"):\n"
            + self.problems.map { "  \($0)" }.joined(separator: "\n")
    }
}

/// Reads the configuration once into a checked value. Unknown settings are refused, and no bad value falls back to a
/// default.
package struct ConfigurationReader {
    var source: ConfigurationSource

    /// - Throws: ``ConfigurationError`` with every problem found.
    package static func read(
        yaml: String, environment: [String: String]
    ) throws(ConfigurationError) -> Configuration {
        var reader = ConfigurationReader(source: ConfigurationSource(yaml: yaml, environment: environment))
        let configuration = reader.configuration()
        reader.source.refuseUnknown()
        guard let configuration, reader.source.problems.isEmpty else {
            throw ConfigurationError(problems: reader.source.problems)
        }
        return configuration
    }

    private mutating func configuration() -> Configuration? {
        let issuer = self.issuer()
        let firm = self.required("firm.name")
        let firmInTraditionalChinese = self.text("firm.name_zh_hant")
        var listen = Configuration.Listen(
            host: self.text("listen.host") ?? "127.0.0.1", port: self.integer("listen.port", 0...65_535) ?? 8080)
        listen.tls = self.certificate(for: issuer)
        let store = self.store()
        let keyFile = self.required("secrets.master_key_file")
        let (password, sessions) = (self.password(), self.sessions())
        var limits = self.limits()
        let delivery = self.delivery(&limits.sending, issuer: issuer, firm: firm)
        self.codePolicy(&limits.codes)
        let (proxies, readers) = (self.addresses("trusted_proxies"), self.addresses("metrics.allowed_addresses"))
        let log = self.log()
        guard let issuer, let firm, let store, let keyFile else { return nil }
        var configuration = Configuration(
            issuer: issuer, firm: firm, listen: listen, store: store, masterKeyFile: keyFile)
        configuration.firmInTraditionalChinese = firmInTraditionalChinese
        configuration.password = password
        configuration.sessions = sessions
        configuration.limits = limits
        configuration.delivery = delivery
        configuration.trustedProxies = proxies ?? []
        configuration.metricsAddresses = readers ?? configuration.metricsAddresses
        configuration.log = log
        return configuration
    }

    private mutating func issuer() -> Issuer? {
        guard let text = self.required("issuer") else { return nil }
        if let issuer = try? Issuer(parsing: text), issuer.path.isEmpty { return issuer }
        self.source.note(
            "issuer", self.source.setting("issuer"), "is not an address that browsers reach this server at",
            hint: "use https://HOST without a path, or http://localhost:PORT on this machine alone")
        return nil
    }

    private mutating func certificate(for issuer: Issuer?) -> Configuration.CertificatePaths? {
        let (certificate, key) = (self.text("listen.tls.certificate_file"), self.text("listen.tls.key_file"))
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            if issuer?.usesTLS == false {
                self.source.note(
                    "listen.tls", nil, "is set, but the issuer is http", hint: "write the issuer with https")
            }
            return Configuration.CertificatePaths(certificateFile: certificate, keyFile: key)
        case (_?, nil): self.source.note("listen.tls.key_file", nil, "is missing beside listen.tls.certificate_file")
        case (nil, _?): self.source.note("listen.tls.certificate_file", nil, "is missing beside listen.tls.key_file")
        }
        return nil
    }

    private mutating func store() -> Configuration.StoreChoice? {
        let (path, url) = (self.text("store.sqlite.path"), self.text("store.postgresql.url"))
        let connections = self.integer("store.postgresql.connections", 1...256) ?? 10
        switch (path, url) {
        case (let path?, nil): return .sqlite(path: path)
        case (nil, let url?): return .postgresql(url: url, connections: connections)
        case (nil, nil):
            self.source.note(
                "store", nil, "is missing", hint: "set store.sqlite.path, or store.postgresql.url for several nodes")
        case (_?, _?): self.source.note("store", nil, "names two stores", hint: "keep sqlite or postgresql")
        }
        return nil
    }

    private mutating func password() -> Configuration.Password {
        var password = Configuration.Password()
        let memory = self.integer("password.memory_kib", 19_456...4_194_304) ?? password.cost.memory
        let passes = self.integer("password.passes", 2...64) ?? password.cost.passes
        password.cost = PasswordCost(memory: memory, passes: passes)
        password.threads = self.integer("password.threads", 0...256) ?? password.threads
        let step = self.integer("password.answer_milliseconds", 1...10_000)
        password.answerStep = step.map { .milliseconds(Int64($0)) } ?? password.answerStep
        password.blocklistFile = self.text("password.blocklist_file")
        return password
    }

    /// At most 24 hours in all and 1 hour idle (SP 800-63B-4, AAL2).
    private mutating func sessions() -> SessionLimits {
        var sessions = SessionLimits()
        if let minutes = self.integer("session.minutes_in_all", 1...1440) { sessions.inAll = .minutes(Int64(minutes)) }
        if let minutes = self.integer("session.minutes_idle", 1...60) { sessions.idle = .minutes(Int64(minutes)) }
        return sessions
    }

    /// The bounds are those of SP 800-63B-4 and of the reference: an operator may be stricter, not laxer.
    private mutating func limits() -> LoginLimits {
        var limits = LoginLimits()
        self.set(&limits.password.strangers, "limits.password_tries", 1...10)
        self.set(&limits.password.perDevice, "limits.password_tries_of_known_browser", 1...5)
        self.set(&limits.factor.freeTries, "limits.response_tries", 1...5)
        self.set(&limits.factor.disabledAfter, "limits.responses_until_disabled", 10...100)
        if let tries = self.integer("limits.password_tries_in_all", 10...100) { limits.password.total = Int64(tries) }
        if let hours = self.integer("limits.password_lock_hours", 24...720) {
            limits.password.window = .hours(Int64(hours))
        }
        if let count = self.integer("limits.challenges_an_hour", 10...1000) { limits.challengesAnHour = Int64(count) }
        if let minutes = self.integer("limits.login_minutes", 1...10) { limits.lifetime = .minutes(Int64(minutes)) }
        if let seconds = self.integer("limits.challenge_seconds", 30...180) {
            limits.challenge = .seconds(Int64(seconds))
        }
        return self.alarms(limits)
    }

    private mutating func alarms(_ given: LoginLimits) -> LoginLimits {
        var limits = given
        let range = 1...1_000_000
        if let failures = self.integer("alarms.failures_an_hour_of_address", range) {
            limits.sources.perAddress = Int64(failures)
        }
        if let failures = self.integer("alarms.failures_an_hour_of_application", range) {
            limits.sources.perApplication = Int64(failures)
        }
        if let failures = self.integer("alarms.failures_an_hour_in_all", range) {
            limits.sources.firm = Int64(failures)
        }
        return limits
    }

    mutating func set(_ value: inout Int, _ key: String, _ range: ClosedRange<Int>) {
        value = self.integer(key, range) ?? value
    }

    /// nil where the setting is not given; an empty list is a list.
    private mutating func addresses(_ key: String) -> [ClientAddress]? {
        guard let list = self.source.optionalList(key) else { return nil }
        return list.compactMap { setting in
            if let address = ClientAddress(setting.text) { return address }
            self.source.note(key, setting, "holds something that is not an IP address")
            return nil
        }
    }

    private mutating func log() -> Configuration.Log {
        var log = Configuration.Log()
        log.level = self.choice("log.level", Logger.Level.allCases) ?? log.level
        log.format = self.choice("log.format", Configuration.Log.Format.allCases) ?? log.format
        return log
    }

    mutating func text(_ key: String) -> String? {
        guard let setting = self.source.setting(key) else { return nil }
        guard !setting.text.isEmpty else {
            self.source.note(key, setting, "is empty", hint: "give it a value, or leave the line out")
            return nil
        }
        return setting.text
    }

    mutating func required(_ key: String) -> String? {
        guard self.source.setting(key) != nil else {
            self.source.note(key, nil, "is missing", hint: "countersign config shows a template with every setting")
            return nil
        }
        return self.text(key)
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = self.text(key) else { return nil }
        // `Int.init` also takes "+6".
        if text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) {
            return number
        }
        self.source.note(
            key, self.source.setting(key), "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    mutating func choice<Value: RawRepresentable<String>>(_ key: String, _ all: [Value]) -> Value? {
        guard let text = self.text(key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let words = all.map(\.rawValue).joined(separator: ", ")
        self.source.note(key, self.source.setting(key), "is not one of \(words)")
        return nil
    }
}
