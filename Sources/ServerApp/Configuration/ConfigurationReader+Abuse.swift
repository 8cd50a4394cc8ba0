internal import Delivery
internal import Outbox
internal import Time

/// `delivery.conversion` and `delivery.sim_swap`: what keeps codes from being sent for a fraud.
extension ConfigurationReader {
    /// - Returns: nil where it is switched off.
    mutating func conversion() -> ConversionRule? {
        let key = "delivery.conversion"
        var rule = ConversionRule()
        let isOn = self.flag("\(key).watch") ?? true
        if let minutes = self.integer("\(key).window_minutes", 15...1440) { rule.window = .minutes(Int64(minutes)) }
        if let minutes = self.integer("\(key).ripens_in_minutes", 0...60) { rule.ripensIn = .minutes(Int64(minutes)) }
        self.threshold(&rule.block, key, of: "")
        self.threshold(&rule.firm, key, of: "_of_firm")
        // For ever is said, and not left out: whoever forgets the line gets the default.
        if let hours = self.integer("\(key).stop_hours", 0...720) {
            rule.stopLasts = hours == 0 ? nil : .hours(Int64(hours))
        }
        return isOn ? rule : nil
    }

    private mutating func threshold(_ threshold: inout ConversionRule.Threshold, _ key: String, of whom: String) {
        if let codes = self.integer("\(key).least_codes\(whom)", 2...1_000_000) { threshold.leastSent = Int64(codes) }
        if let percent = self.integer("\(key).least_used_percent\(whom)", 1...100) {
            threshold.leastUsedPercent = Int64(percent)
        }
    }

    /// - Returns: nil where the operator has no such service.
    mutating func simSwap() -> SIMSwapSettings? {
        let key = "delivery.sim_swap"
        let (address, token) = (self.text("\(key).address"), self.text("\(key).token"))
        let authorities = self.text("\(key).ca_file")
        let hours = self.integer("\(key).refuse_within_hours", 1...8_760)
        let limit = self.integer("\(key).time_limit_milliseconds", 50...5_000)
        let failure = self.choice("\(key).on_failure", UnansweredSwap.allCases)
        let isGiven = [address, token, authorities].contains { $0 != nil } || hours != nil || limit != nil
        guard isGiven || failure != nil else { return nil }
        for (name, value) in [("address", address), ("token", token)]
        where value == nil && self.source.setting("\(key).\(name)") == nil {
            self.source.note(
                "\(key).\(name)", nil, "is missing", hint: "sim_swap needs an address and a token, or no line at all")
        }
        guard let address, let token else { return nil }
        do throws(SIMSwapSettingsError) {
            var settings = try SIMSwapSettings(address: address, token: token)
            settings.certificateAuthority = authorities
            if let hours { settings.refusesWithin = .hours(Int64(hours)) }
            if let limit { settings.timeLimit = .milliseconds(Int64(limit)) }
            settings.sendsUnanswered = failure != .refuse
            return settings
        } catch {
            self.note(error, key)
            return nil
        }
    }

    private mutating func note(_ error: SIMSwapSettingsError, _ key: String) {
        switch error {
        case .malformedAddress, .unreadableCertificateAuthority:
            let name = "\(key).address"
            self.source.note(
                name, self.source.setting(name), "is not an address that can be asked",
                hint: "https://HOST/PATH; plain http on this machine alone; no query")
        case .malformedToken:
            let name = "\(key).token"
            self.source.note(name, self.source.setting(name), "holds something that cannot stand in a header")
        }
    }
}

/// What becomes of a code where nobody says whether the number's SIM card was changed.
private enum UnansweredSwap: String, CaseIterable {
    case send, refuse
}
