internal import HTTPChannel
internal import MailChannel
internal import OAuth
internal import Outbox
internal import SMPP
internal import SMPPChannel
internal import Time
internal import VoiceChannel

/// The `delivery` section: each provider under a name of its own, in the order in which they are asked.
extension ConfigurationReader {
    /// - Parameters:
    ///   - issuer: providers report to it, and a mail relay is greeted with its name.
    ///   - firm: what mails come from, unless they say otherwise.
    mutating func delivery(_ limits: inout SendingLimits, issuer: Issuer?, firm: String?) -> DeliveryConfiguration {
        var delivery = DeliveryConfiguration()
        delivery.sender = self.text("delivery.sender")
        delivery.guidanceFolder = self.text("delivery.guidance_folder")
        delivery.speechFolder = self.text("delivery.speech_folder")
        self.sendingLimits(&limits)
        limits.conversion = self.conversion()
        delivery.simSwap = self.simSwap()
        for name in self.source.names(below: "delivery.providers") {
            if let provider = self.provider(name, issuer: issuer, firm: firm) { delivery.providers.append(provider) }
        }
        limits.channels = delivery.channels.subtracting([.mail])
        return delivery
    }

    /// Stricter than the defaults may be chosen for a number, laxer not; the others are the firm's own.
    private mutating func sendingLimits(_ limits: inout SendingLimits) {
        self.set(&limits.perNumberHour, "delivery.codes_an_hour_to_a_number", 1...5)
        self.set(&limits.perNumberDay, "delivery.codes_a_day_to_a_number", 1...10)
        let wide = 1...10_000_000
        if let most = self.integer("delivery.codes_an_hour_for_a_user", 1...100) { limits.perUser = Int64(most) }
        if let most = self.integer("delivery.codes_an_hour_for_an_application", wide) {
            limits.perApplication = Int64(most)
        }
        if let most = self.integer("delivery.codes_an_hour_from_an_address", wide) { limits.perAddress = Int64(most) }
        if let most = self.integer("delivery.codes_an_hour_to_a_block", wide) { limits.perPrefix = Int64(most) }
        if let most = self.integer("delivery.codes_an_hour_to_a_country", wide) { limits.perCountry = Int64(most) }
        if let most = self.integer("delivery.codes_an_hour_in_all", wide) { limits.perFirm = Int64(most) }
        limits.countries = self.regions("delivery.countries").map(Set.init)
    }

    private mutating func provider(
        _ name: String, issuer: Issuer?, firm: String?
    ) -> DeliveryConfiguration.Provider? {
        let key = "delivery.providers.\(name)"
        guard Self.isProviderName(name) else {
            self.source.note(
                key, nil, "cannot be a provider's name", hint: "letters, digits, _ and -: it stands in addresses")
            return nil
        }
        guard let kind = self.choice("\(key).kind", ProviderKind.allCases) else {
            if self.source.setting("\(key).kind") == nil {
                self.source.note("\(key).kind", nil, "is missing", hint: "smpp, http, sip or smtp")
            }
            return nil
        }
        var plan = DeliveryProvider(name: name, channel: kind.channel)
        plan.reach.regions = Set(self.regions("\(key).countries") ?? [])
        plan.reach.exceptRegions = Set(self.regions("\(key).except_countries") ?? [])
        plan.price.otherwise = self.price("\(key).price")
        for region in self.source.names(below: "\(key).prices") {
            plan.price.byRegion[region] = self.price(of: region, key)
        }
        let way: DeliveryConfiguration.Way? =
            switch kind {
            case .smpp: self.smpp(key, name).map { .smpp($0) }
            case .http: self.gateway(key, receiver: "\(issuer?.origin ?? "")/delivery/receipts/\(name)")
            case .sip: self.sip(key).map { .sip($0) }
            case .smtp: self.smtp(key, issuer: issuer, firm: firm).map { .smtp($0) }
            }
        let templates = self.templates(key, channel: kind.channel)
        let perSecond = self.integer("\(key).per_second", 1...10_000)
        return way.map {
            DeliveryConfiguration.Provider(plan: plan, way: $0, templates: templates, perSecond: perSecond)
        }
    }

    private mutating func smpp(_ key: String, _ name: String) -> SMPPSettings? {
        let (host, port) = (self.required("\(key).host"), self.integer("\(key).port", 1...65_535) ?? 2775)
        let (systemID, password) = (self.required("\(key).system_id"), self.required("\(key).password"))
        let (sender, systemType) = (self.required("\(key).sender"), self.text("\(key).system_type") ?? "")
        let authorities = self.text("\(key).ca_file")
        let isPlain = self.flag("\(key).plain") ?? false
        let spelling = self.choice("\(key).message_ids", MessageIDs.allCases)?.spelling
        let window = self.integer("\(key).window", 1...1_000)
        let alphabet = self.choice("\(key).alphabet", SMPPAlphabet.allCases)
        let zone = self.integer("\(key).receipt_minutes_before_utc", 0...900)
        guard let host, let systemID, let password, let sender else { return nil }
        do {
            var settings = try SMPPSettings(
                name: name, host: host, port: port, security: isPlain ? .plain : .tls(authorities: authorities),
                systemID: systemID, password: password, systemType: systemType, sender: sender)
            settings.messageIDs = spelling ?? settings.messageIDs
            settings.window = window ?? settings.window
            settings.alphabet = alphabet ?? settings.alphabet
            settings.receiptZone = zone.map { .minutes(Int64($0)) }
            return settings
        } catch {
            self.source.note(key, nil, "cannot be bound: \(error)")
            return nil
        }
    }

    private mutating func sip(_ key: String) -> VoiceSettings? {
        guard let user = self.required("\(key).user"), let domain = self.required("\(key).domain") else { return nil }
        var settings = VoiceSettings(user: user, domain: domain)
        settings.displayName = self.text("\(key).display_name")
        settings.authenticationUser = self.text("\(key).authentication_user")
        settings.password = self.text("\(key).password")
        settings.outboundProxy = self.text("\(key).outbound_proxy")
        settings.transport = self.choice("\(key).transport", VoiceSettings.Transport.allCases) ?? settings.transport
        settings.certificateAuthority = self.text("\(key).ca_file")
        settings.encryptsSound = self.flag("\(key).srtp") ?? false
        settings.registers = self.flag("\(key).registers") ?? false
        settings.networkInterface = self.text("\(key).network_interface")
        if let prefix = self.text("\(key).number_prefix") { settings.numberPrefix = prefix == "none" ? "" : prefix }
        self.set(&settings.lines, "\(key).lines", 1...64)
        if let seconds = self.integer("\(key).ring_seconds", 5...120) {
            settings.ringTimeout = .seconds(Int64(seconds))
        }
        return settings
    }

    private mutating func smtp(_ key: String, issuer: Issuer?, firm: String?) -> MailSettings? {
        let (host, from) = (self.required("\(key).host"), self.required("\(key).from"))
        let security = self.choice("\(key).security", MailSettings.Security.allCases) ?? .startTLS
        let port = self.integer("\(key).port", 1...65_535) ?? (security == .implicitTLS ? 465 : 587)
        let (user, password) = (self.text("\(key).user"), self.text("\(key).password"))
        let (hello, authorities) = (self.text("\(key).hello_name"), self.text("\(key).ca_file"))
        let fromName = self.text("\(key).from_name")
        guard let host, let from else { return nil }
        let credentials = user.flatMap { user in password.map { MailSettings.Credentials(user: user, password: $0) } }
        return MailSettings(
            host: host, port: port, security: security, credentials: credentials,
            sender: MailSender(address: from, name: fromName ?? firm ?? from),
            helloName: hello ?? issuer.map(Self.host) ?? "localhost", certificateAuthority: authorities)
    }

    /// Without scheme and port.
    private static func host(of issuer: Issuer) -> String {
        let authority = issuer.origin.split(separator: "/").last ?? ""
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return String(authority) }
        return String(authority[..<colon])
    }

    private mutating func regions(_ key: String) -> [String]? {
        guard let list = self.source.optionalList(key) else { return nil }
        return list.compactMap { setting in
            let code = setting.text.filter { $0 != " " }
            if Self.isRegion(code) { return code }
            self.source.note(key, setting, "holds something that is not a country's two capital letters")
            return nil
        }
    }

    private mutating func price(of region: String, _ key: String) -> Int64? {
        let name = "\(key).prices.\(region)"
        let price = self.price(name)
        if Self.isRegion(region) { return price }
        self.source.note(
            name, self.source.setting(name), "does not name a country",
            hint: "two capital letters (ISO 3166-1), for example HK")
        return nil
    }

    private static func isProviderName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    static func isRegion(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// `0.0075`, as millionths.
    private mutating func price(_ key: String) -> Int64? {
        guard let text = self.text(key) else { return nil }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard isDigits, parts[0].count <= 6, fraction.count <= 6, let units = Int64(parts[0]),
            let rest = Int64(fraction.padding(to: 6))
        else {
            self.source.note(key, self.source.setting(key), "is not a price such as 0.0075")
            return nil
        }
        return units * 1_000_000 + rest
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let text = self.text(key) else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default:
            self.source.note(key, self.source.setting(key), "is not yes or no")
            return nil
        }
    }
}

/// How a provider writes the ids of its messages.
private enum MessageIDs: String, CaseIterable {
    case asGiven = "as_given"
    case hexadecimal, decimal
    case hexadecimalInResponse = "hexadecimal_in_response"
    case decimalInResponse = "decimal_in_response"

    var spelling: MessageIDSpelling {
        switch self {
        case .asGiven: .asGiven
        case .hexadecimal: .hexadecimal
        case .decimal: .decimal
        case .hexadecimalInResponse: .hexadecimalInResponse
        case .decimalInResponse: .decimalInResponse
        }
    }
}

private enum ProviderKind: String, CaseIterable {
    case smpp, http, sip, smtp

    var channel: MessageChannel {
        switch self {
        case .smpp, .http: .text
        case .sip: .voice
        case .smtp: .mail
        }
    }
}

extension String {
    fileprivate func padding(to length: Int) -> String {
        self + String(repeating: "0", count: max(0, length - self.count))
    }
}
