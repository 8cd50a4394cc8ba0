import Channels
import Delivery
import Flows
import Outbox
import SMPPChannel
import ServerApp
import Testing
import Time

@Suite("Settings that keep fraud away, and those of providers")
struct AbuseSettingsTests {
    private static func read(_ more: String) throws -> Configuration {
        try ConfigurationReader.read(yaml: ConfigurationTests.minimum + "\n" + more, environment: [:])
    }

    @Test("Unless told: blocks are watched, nobody is asked about SIM cards")
    func defaults() throws {
        let configuration = try Self.read("")
        #expect(configuration.limits.sending.conversion == ConversionRule())
        #expect(configuration.delivery.simSwap == nil)
    }

    @Test("The watch")
    func conversion() throws {
        let rule = try Self.read(
            """
            delivery:
              conversion:
                window_minutes: 30
                ripens_in_minutes: 0
                least_codes: 10
                least_used_percent: 5
                stop_hours: 0
                least_codes_of_firm: 100
                least_used_percent_of_firm: 30
            """
        ).limits.sending.conversion
        var expected = ConversionRule()
        (expected.window, expected.ripensIn, expected.stopLasts) = (.minutes(30), .minutes(0), nil)
        expected.block = ConversionRule.Threshold(leastSent: 10, leastUsedPercent: 5)
        expected.firm = ConversionRule.Threshold(leastSent: 100, leastUsedPercent: 30)
        #expect(rule == expected)
        #expect(try Self.read("delivery: {conversion: {watch: no}}").limits.sending.conversion == nil)
    }

    @Test("The service that knows of SIM cards")
    func simSwap() throws {
        let settings = try #require(
            try Self.read("delivery: {sim_swap: {address: 'https://n.example/swap', token: t}}").delivery.simSwap)
        #expect(settings.address == "https://n.example/swap" && settings.refusesWithin == .hours(72))
        #expect(settings.timeLimit == .seconds(1) && settings.sendsUnanswered)
        let all = try #require(
            try Self.read(
                """
                delivery:
                  sim_swap:
                    address: http://127.0.0.1:9/swap
                    token: t
                    ca_file: /etc/ca.pem
                    refuse_within_hours: 24
                    time_limit_milliseconds: 500
                    on_failure: refuse
                """
            ).delivery.simSwap)
        #expect(all.refusesWithin == .hours(24) && all.timeLimit == .milliseconds(500) && !all.sendsUnanswered)
        #expect(all.certificateAuthority == "/etc/ca.pem")
    }

    private static let provider = """
        delivery:
          providers:
            carrier:
              kind: smpp
              host: smpp.example
              system_id: firm
              password: secret
              sender: Firm
        """

    @Test("A provider's rate, alphabet and registered texts")
    func provider() throws {
        let delivery = try Self.read(
            Self.provider + "\n" + """
                      per_second: 20
                      alphabet: latin1_default
                      templates:
                        IN:
                          text: "{{code}} is your code for {{firm}}"
                          template_id: "1107160000000000001"
                          entity_id: "1101160000000000001"
                        CN: {text: "【{{firm}}】{{code}}", origin_line: yes}
                """
        ).delivery
        #expect(delivery.providers.map(\.perSecond) == [20])
        guard case .smpp(let settings) = delivery.providers[0].way else { throw Unexpected() }
        #expect(settings.alphabet == .latin1Default)
        let registration = MessageRegistration(template: "1107160000000000001", entity: "1101160000000000001")
        #expect(
            delivery.templates == [
                "carrier": [
                    "IN": try RegisteredTemplate("{{code}} is your code for {{firm}}", registration: registration),
                    "CN": try RegisteredTemplate("【{{firm}}】{{code}}", allowsOriginLine: true),
                ]
            ])
        #expect(try Self.read(Self.provider).delivery.providers.map(\.perSecond) == [nil])
    }

    private struct Unexpected: Error {}

    @Test("All that is wrong, at once, with what to do")
    func allAtOnce() throws {
        let yaml =
            Self.provider + "\n" + """
                      per_second: 0
                      alphabet: gsm
                      templates:
                        IN: {text: "no place", entity_id: "1"}
                        GB: {text: "{{code}} {{name}}"}
                        in: {text: "{{code}}"}
                        CN: {template_id: "1"}
                    calls:
                      kind: sip
                      user: firm
                      domain: sip.example
                      templates: {IN: {text: "{{code}}"}}
                  conversion:
                    window_minutes: 14
                    least_used_percent: 101
                    stop_hours: for ever
                  sim_swap:
                    address: http://numbers.example/
                    token: canary secret
                    on_failure: perhaps
                """
        let error = try #require(throws: ConfigurationError.self) { _ = try Self.read(yaml) }
        let text = "\(error)"
        for part in [
            "carrier.per_second is not", "carrier.alphabet is not one of gsm7, latin1, latin1_default, ucs2",
            "templates.IN.text has no place for the code", "write {{code}} where the code stands",
            "templates.IN.template_id is missing beside entity_id", "templates.GB.text has a mark",
            "templates.in does not name a country", "templates.CN.text is missing",
            "calls.templates.IN is not for a provider of this kind", "conversion.window_minutes is not",
            "conversion.least_used_percent is not", "conversion.stop_hours is not",
            "sim_swap.address is not an address that can be asked", "sim_swap.on_failure is not one of send, refuse",
        ] {
            #expect(text.contains(part), "\(part) in:\n\(text)")
        }
        #expect(!text.contains("canary"))
        let alone = try #require(throws: ConfigurationError.self) {
            _ = try Self.read("delivery: {sim_swap: {refuse_within_hours: 24}}")
        }
        #expect("\(alone)".contains("sim_swap.address is missing") && "\(alone)".contains("sim_swap.token is missing"))
    }
}
