internal import Flows
internal import Foundation
internal import HTTPChannel
internal import HTTPEdge
internal import MailChannel
internal import OAuth
internal import Outbox
internal import SMPPChannel
internal import Speech
internal import Time
internal import VoiceChannel

/// The ways to users: who carries what where to, and whether anybody answers there.
extension Doctor {
    private var plan: DeliveryConfiguration { self.configuration.delivery }

    func delivery() async -> [Finding] {
        guard !self.plan.providers.isEmpty else {
            return [Finding(.ok, "delivery", "no provider is configured: nothing goes out as a text, a call or a mail")]
        }
        return self.coverage() + self.lastLine() + self.receipts() + self.voicePrograms() + (await self.reachable())
    }

    /// Whether each country that codes may go to has a provider of texts.
    func coverage() -> [Finding] {
        let carriers = self.plan.providers.map(\.plan).filter { $0.channel == .text }
        guard !carriers.isEmpty else { return [] }
        guard let countries = self.configuration.limits.sending.countries else { return self.coverageOfAll(carriers) }
        let left = countries.sorted().filter { country in
            !carriers.contains { $0.reach.includes(MessageDestination(region: country, prefix: "")) }
        }
        guard left.isEmpty else {
            return [
                Finding(
                    .warning, "delivery",
                    "codes may go to \(left.joined(separator: ", ")), and no provider of texts does",
                    hint: "add these to a provider's countries, or take them out of delivery.countries")
            ]
        }
        return [
            Finding(.ok, "delivery", "a provider of texts for each of \(countries.sorted().joined(separator: ", "))")
        ]
    }

    private func coverageOfAll(_ carriers: [DeliveryProvider]) -> [Finding] {
        let regions = carriers.map(\.reach.regions)
        guard regions.allSatisfy({ !$0.isEmpty }) else {
            return [
                Finding(
                    .warning, "delivery", "codes may go to every country",
                    hint: "list in delivery.countries where your users are: elsewhere a code costs money for nobody")
            ]
        }
        let all = regions.reduce(into: Set<String>()) { $0.formUnion($1) }.sorted().joined(separator: ", ")
        return [
            Finding(
                .warning, "delivery", "codes may go to every country, and providers of texts only to \(all)",
                hint: "set delivery.countries to these, so that nobody adds a number that gets nothing")
        ]
    }

    /// The last line of a text names the host on whose pages alone a telephone fills the code in.
    func lastLine() -> [Finding] {
        guard self.plan.channels.contains(.text),
            let host = URLComponents(string: self.configuration.issuer.text)?.host
        else { return [] }
        let isAddress = ClientAddress(host.filter { $0 != "[" && $0 != "]" }) != nil
        guard host != "localhost", !isAddress else {
            return [
                Finding(
                    .warning, "texts", "their last line names \(host): no telephone fills a code in by that",
                    hint: "set issuer to the host name under which users see the login pages")
            ]
        }
        return [Finding(.ok, "texts", "their last line names \(host), the only host where telephones fill the code in")]
    }

    /// Without receipts nobody learns whether a text arrived, and the page of help cannot say it.
    func receipts() -> [Finding] {
        self.plan.providers.compactMap { provider in
            guard case .http(_, receipts: nil) = provider.way else { return nil }
            let name = provider.plan.name
            return Finding(
                .warning, "provider \(name)", "its receipts are not taken, so nobody knows what arrived",
                hint: "set delivery.providers.\(name).receipt_secret, 16 characters or more")
        }
    }

    /// - Parameter speech: the programs that speak; the line's own are in its settings.
    func voicePrograms(_ speech: [String] = [SpeechPrograms().espeak, SpeechPrograms().sox]) -> [Finding] {
        let lines = self.plan.providers.compactMap { provider -> VoiceSettings? in
            guard case .sip(let settings) = provider.way else { return nil }
            return settings
        }
        guard let line = lines.first else { return [] }
        let needed = [line.baresip, line.modules, "/usr/bin/setpriv"] + speech
        let missing = needed.filter { access($0, X_OK) != 0 }
        guard missing.isEmpty else {
            return [
                Finding(
                    .problem, "calls", "there is no \(missing.joined(separator: ", no "))",
                    hint: "apt-get install baresip-core espeak-ng sox util-linux")
            ]
        }
        return [Finding(.ok, "calls", "baresip, espeak-ng and sox are installed")]
    }

    /// - Parameter time: how long each is waited for at most; all are asked at once.
    func reachable(within time: Span = .seconds(3)) async -> [Finding] {
        await withTaskGroup(of: (Int, Finding?).self) { group in
            for (place, provider) in self.plan.providers.enumerated() {
                group.addTask { (place, await Self.finding(of: provider, within: time)) }
            }
            return await group.reduce(into: [(Int, Finding?)]()) { $0.append($1) }
                .sorted { $0.0 < $1.0 }.compactMap(\.1)
        }
    }

    private static func finding(of provider: DeliveryConfiguration.Provider, within time: Span) async -> Finding? {
        guard var probe = provider.way.probe else { return nil }
        probe.time = time
        let (subject, address) = ("provider \(provider.plan.name)", "\(probe.host):\(probe.port)")
        guard let fault = await probe.fault() else { return Finding(.ok, subject, "\(address) \(probe.way.praise)") }
        return Finding(
            .problem, subject, "\(address): \(fault)",
            hint: "check its address, and whether this machine may go out there; until then others are asked")
    }
}

extension ConnectionProbe.Way {
    fileprivate var praise: String {
        switch self {
        case .plain: "answers"
        case .tls: "answers, with a certificate that is trusted"
        case .nameAlone: "is known by name; whether it answers shows countersign delivery test"
        }
    }
}

extension DeliveryConfiguration.Way {
    /// How it is found out whether anybody is there.
    fileprivate var probe: ConnectionProbe? {
        switch self {
        case .smpp(let settings):
            switch settings.security {
            case .plain: return ConnectionProbe(host: settings.host, port: settings.port, way: .plain)
            case .tls(let authorities):
                return ConnectionProbe(host: settings.host, port: settings.port, way: .tls(authorities: authorities))
            }
        case .http(let settings, _):
            guard let url = URLComponents(string: settings.address), let host = url.host else { return nil }
            let isSafe = url.scheme == "https"
            return ConnectionProbe(
                host: host, port: url.port ?? (isSafe ? 443 : 80),
                way: isSafe ? .tls(authorities: settings.transport.certificateAuthority) : .plain)
        case .smtp(let settings):
            let authorities = settings.certificateAuthority
            return ConnectionProbe(
                host: settings.host, port: settings.port,
                way: settings.security == .implicitTLS ? .tls(authorities: authorities) : .plain)
        case .sip(let settings): return Self.probe(settings)
        }
    }

    private static func probe(_ settings: VoiceSettings) -> ConnectionProbe? {
        let usual = settings.transport == .tls ? 5061 : 5060
        guard let url = URLComponents(string: "sip://\(settings.outboundProxy ?? settings.domain)"), let host = url.host
        else { return nil }
        let way: ConnectionProbe.Way =
            switch settings.transport {
            case .udp: .nameAlone
            case .tcp: .plain
            // Here its name is compared too, which baresip cannot: docs/voice.md.
            case .tls: .tls(authorities: settings.certificateAuthority)
            }
        return ConnectionProbe(host: host, port: url.port ?? usual, way: way)
    }
}
