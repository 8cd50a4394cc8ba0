import Testing
import Time

@testable import VoiceChannel

@Suite("The provider's account")
struct VoiceSettingsTests {
    private static func settings(_ change: (inout VoiceSettings) -> Void = { _ in }) -> VoiceSettings {
        var settings = VoiceSettings(user: "+85221234567", domain: "sip.example.com")
        change(&settings)
        return settings
    }

    @Test("As baresip reads it")
    func account() throws {
        try Self.settings().check()
        #expect(
            Self.settings().account == "<sip:+85221234567@sip.example.com;transport=udp>;regint=0;answermode=manual"
                + ";audio_codecs=pcmu,pcma")
        let full = Self.settings {
            $0.displayName = "Example Securities 證券"
            ($0.authenticationUser, $0.password) = ("trunk", "p@ss:w/rd=!%&")
            $0.outboundProxy = "[2001:db8::1]:5061"
            ($0.transport, $0.encryptsSound, $0.registers) = (.tls, true, true)
        }
        try full.check()
        #expect(
            full.account == "\"Example Securities 證券\" <sip:+85221234567@sip.example.com;transport=tls>;regint=600"
                + ";answermode=manual;audio_codecs=pcmu,pcma;auth_user=trunk;auth_pass=p@ss:w/rd=!%&"
                + ";outbound=\"sip:[2001:db8::1]:5061;transport=tls\";mediaenc=srtp-mand")
        #expect(full.address(of: "+886912345678") == "sip:+886912345678@sip.example.com;user=phone")
        #expect(Self.settings { $0.numberPrefix = "00" }.address(of: "+1202555").hasPrefix("sip:001202555@"))
    }

    @Test("Refused settings: nothing gets out of its place in the account's line, and no password is repeated")
    func refused() {
        let rows: [(VoiceSettingsError, (inout VoiceSettings) -> Void)] = [
            (.malformed("user"), { $0.user = "" }), (.malformed("user"), { $0.user = "a@b" }),
            (.malformed("domain"), { $0.domain = "x;transport=tcp" }), (.malformed("domain"), { $0.domain = "a b" }),
            (.malformed("display name"), { $0.displayName = "a\" <sip:x@y>" }),
            (.malformed("display name"), { $0.displayName = "a\nb" }),
            (.malformed("password"), { $0.password = "a;auth_user=b" }), (.malformed("password"), { $0.password = "" }),
            (.malformed("password"), { $0.password = "a b" }), (.malformed("password"), { $0.password = "ä" }),
            (.malformed("authentication user"), { $0.authenticationUser = "a\r\nb" }),
            (.malformed("outbound proxy"), { $0.outboundProxy = "x\"" }),
            (.malformed("network interface"), { $0.networkInterface = "eth0\nmodule x.so" }),
            (.malformed("file of authorities"), { $0.certificateAuthority = "/a b" }),
            (.malformed("file of authorities"), { $0.certificateAuthority = "a\nmodule x.so" }),
            (.malformed("number prefix"), { $0.numberPrefix = "sip:" }),
            (.outOfRange("lines", 1...64), { $0.lines = 0 }), (.outOfRange("lines", 1...64), { $0.lines = 65 }),
            (.outOfRange("ring timeout in milliseconds", 100...120_000), { $0.ringTimeout = .minutes(3) }),
            (.outOfRange("time to take a call in milliseconds", 100...15_000), { $0.takenWithin = .seconds(16) }),
            (.outOfRange("first RTP port", 1024...65000), { $0.rtpPorts = 80...20000 }),
            (.outOfRange("last RTP port", 10010...65535), { $0.rtpPorts = 10000...10001 }),
            (.soundWithoutTLS, { $0.encryptsSound = true }),
        ]
        for (error, change) in rows { #expect(throws: error) { try Self.settings(change).check() } }
    }
}
