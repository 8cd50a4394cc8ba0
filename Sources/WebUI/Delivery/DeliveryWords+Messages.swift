internal import Channels
internal import Flows
internal import HTTPEdge
internal import Identifiers
internal import Outbox
internal import PhoneNumbers
internal import Time

extension DeliveryWords {
    func provider(_ standing: ProviderStanding, maySwitch: Bool) -> [String: Any] {
        let name = standing.provider.name
        var values: [String: Any] = [
            "name": name, "details": self.details(of: standing.provider), "off": !standing.isOn,
            "resting": standing.isOn && standing.isResting, "may_switch": maySwitch,
            "href": "\(DeliveryPages.path)/providers/\(name)",
        ]
        values["step"] = self.text("\(standing.isOn ? "stop" : "resume").submit")
        return values
    }

    func block(_ block: StoppedBlock, mayResume: Bool) -> [String: Any] {
        let counts = self.text("blocks.counts", ["used": "\(block.used)", "sent": "\(block.sent)"])
        let until = block.until.map { self.text("blocks.until", ["until": $0.minuteText]) } ?? self.text("blocks.open")
        return [
            "prefix": block.prefix, "region": self.region(block.region), "counts": counts, "until": until,
            "codes": self.text("blocks.codes.\(block.purpose.rawValue)"),
            "name": "\(block.prefix.dropFirst())-\(block.purpose.rawValue)",
            "href": DeliveryPages.blockPath(block.prefix),
            "may_resume": mayResume, "step": self.text("resume_block.submit"),
        ]
    }

    private func details(of provider: DeliveryProvider) -> String {
        let reach = provider.reach
        let some = reach.regions.sorted().map(self.region)
        let others = reach.exceptRegions.sorted().map(self.region)
        let comma = self.text("comma")
        var parts = [self.way(provider.channel)]
        if !some.isEmpty { parts.append(self.text("only_to", ["regions": some.joined(separator: comma)])) }
        if !others.isEmpty { parts.append(self.text("not_to", ["regions": others.joined(separator: comma)])) }
        if let price = provider.price.otherwise {
            parts.append(self.text("price", ["price": "\(Money(millionths: price))"]))
        }
        for (region, price) in provider.price.byRegion.sorted(by: { $0.key < $1.key }) {
            parts.append(
                self.text("price_there", ["price": "\(Money(millionths: price))", "region": self.region(region)]))
        }
        return parts.joined(separator: self.text("semicolon"))
    }

    /// What it is, by which way, and where to: "Login code by text to Hong Kong".
    func subject(_ message: SentMessageView) -> String {
        let (template, way) = (self.text("templates.\(message.template.rawValue)"), self.way(message.channel))
        guard let destination = message.destination else {
            return self.text("subject_without_region", ["template": template, "way": way])
        }
        return self.text(
            "subject", ["template": template, "way": way, "region": self.region(destination.region)])
    }

    func state(_ message: SentMessageView) -> String {
        if let progress = message.progress, message.state != .waiting {
            return self.text("progress.\(progress.rawValue)")
        }
        if message.state == .failed, let fault = message.fault { return self.text("faults.\(fault.rawValue)") }
        return self.text("states.\(message.state.rawValue)")
    }

    func message(_ message: SentMessageView) -> [String: Any] {
        [
            "subject": self.subject(message), "state": self.state(message), "failed": message.state == .failed,
            "prefix": message.destination?.prefix ?? "", "provider": message.provider ?? "",
            "detail": message.detail ?? "", "when": message.created.minuteText,
        ]
    }

    /// All that is known of one message, line by line; the second of each is nobody's language.
    func facts(_ message: SentMessageView) -> [[String: Any]] {
        let times = [
            ("handed_over_after", message.sent), ("ended_after", message.isFinal ? message.ended : nil),
        ].compactMap { name, at in at.map { (name, self.time($0 - message.created)) } }
        let codes = [
            ("provider", message.provider), ("prefix", message.destination?.prefix), ("detail", message.detail),
        ].compactMap { name, value in value.map { (name, $0) } }
        let lines: [[String: Any]] = codes.map { ["name": self.text("facts.\($0.0)"), "code": $0.1] }
        return lines + times.map { ["name": self.text("facts.\($0.0)"), "value": $0.1] }
    }

    /// Each way that there is, by itself and by each of its providers.
    func ways(_ providers: [ProviderStanding], chosen: String) -> [[String: Any]] {
        MessageChannel.allCases.flatMap { channel -> [[String: Any]] in
            let own = providers.filter { $0.provider.channel == channel }.map(\.provider.name)
            guard !own.isEmpty else { return [] }
            let any = (channel.rawValue, self.text("test.by", ["way": self.way(channel)]))
            let each = own.map { name in
                (
                    "\(channel.rawValue):\(name)",
                    self.text("test.through", ["way": self.way(channel), "provider": name])
                )
            }
            return ([any] + each).map {
                ["value": $0.0, "label": $0.1, "chosen": $0.0 == chosen, "named": $0.0 != channel.rawValue]
            }
        }
    }

    func error(_ error: StaffActionError) -> String {
        switch error {
        case .reasonMissing: self.text("errors.reason_missing")
        case .reasonTooLong(let most): self.text("errors.reason_too_long", ["count": "\(most)"])
        case .reasonMalformed: self.text("errors.reason_malformed")
        }
    }

    func error(_ refusal: TestRefusal) -> String {
        switch refusal {
        case .number(.countryMissing): self.text("errors.country_missing")
        case .number(let error): self.messages.text("account.phone.errors.\(error.key)")
        case .mailAddress: self.text("errors.mail_address")
        case .noSuchProvider: self.text("errors.no_such_provider")
        case .countryNotAllowed(let region):
            self.text("errors.country_not_allowed", ["region": self.region(region)])
        case .noWayThere: self.text("errors.no_way_there")
        case .switchedOff: self.text("errors.switched_off")
        }
    }
}
