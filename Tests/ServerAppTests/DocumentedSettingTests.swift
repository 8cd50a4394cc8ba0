import Foundation
import ServerApp
import TestWorld
import Testing
import Time
import VoiceChannel

@Suite("Settings that the documentation names")
struct DocumentedSettingTests {
    /// A value for each, other than what it is unless told.
    private static let values = [
        "user": "acme", "domain": "sip.example.net", "display_name": "Acme", "authentication_user": "acme-1",
        "password": "secret", "outbound_proxy": "proxy.example.net", "transport": "tls",
        "ca_file": "/etc/ssl/sip.pem", "srtp": "yes",
        "registers": "yes", "network_interface": "eth0", "number_prefix": "none", "lines": "8", "ring_seconds": "20",
    ]

    @Test("docs/voice.md: each is one of the reader's")
    func voice() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/voice.md"), encoding: .utf8)
        let table = try #require(text.split(separator: "### Settings").last?.split(separator: "\n#").first)
        let names = table.matches(of: #/(?m)^\| `([A-Za-z_]+)` \|/#).map { String($0.1) }
        #expect(names.count == Self.values.count)
        var lines = ["delivery:", "  providers:", "    calls:", "      kind: sip"]
        for name in names { lines.append("      \(name): \(try #require(Self.values[name], "\(name)"))") }
        let configuration = try ConfigurationReader.read(
            yaml: ConfigurationTests.minimum + lines.map { "\n\($0)" }.joined(), environment: [:])
        guard case .sip(let settings)? = configuration.delivery.providers.first?.way else {
            throw Missing(what: "calls")
        }
        #expect(settings.certificateAuthority == "/etc/ssl/sip.pem")
        #expect(settings.numberPrefix.isEmpty && settings.encryptsSound && settings.ringTimeout == .seconds(20))
    }
}
