import Foundation
import Testing
import Time

@testable import ServerApp

@Suite("The doctor, on the ways to users")
struct DeliveryDoctorTests {
    /// - Parameter delivery: what stands below `delivery:`, in YAML's flow style.
    private static func doctor(_ delivery: String, issuer: String = "https://login.example") throws -> Doctor {
        let yaml = """
            issuer: \(issuer)
            firm: {name: F}
            store: {sqlite: {path: /x}}
            secrets: {master_key_file: /y}
            delivery: {\(delivery)}
            """
        let configuration = try ConfigurationReader.read(yaml: yaml, environment: [:])
        return Doctor(configuration, environment: [:], clock: { Instant(milliseconds: 0) })
    }

    private static func gateway(_ more: String = "", address: String = "http://127.0.0.1:9/m") -> String {
        "{kind: http, shape: json, address: \"\(address)\", account: a, secret: s, sender: F\(more)}"
    }

    @Test("Nothing configured is nothing wrong")
    func nothing() async throws {
        #expect(try await Self.doctor("").delivery().map(\.level) == [.ok])
    }

    @Test(
        "Each country that codes may go to has a provider",
        arguments: [
            ("countries: [HK]", ", countries: [HK, GB]", .ok, nil), ("countries: [HK, GB]", "", .ok, nil),
            ("countries: [HK, SG]", ", countries: [HK]", .warning, "SG"),
            ("countries: [HK, SG]", ", except_countries: [SG]", .warning, "SG"),
            ("sender: F", ", countries: [HK]", .warning, "HK"), ("sender: F", "", .warning, "every country"),
        ] as [(String, String, Finding.Level, String?)])
    func coverage(allowed: String, reach: String, level: Finding.Level, named: String?) throws {
        let findings = try Self.doctor("\(allowed), providers: {acme: \(Self.gateway(reach))}").coverage()
        #expect(findings.map(\.level) == [level], "\(findings)")
        if let named { #expect(findings.first?.message.contains(named) == true && findings.first?.hint != nil) }
    }

    @Test(
        "The last line of texts",
        arguments: [
            ("https://login.example", .ok), ("https://login.example:8443", .ok), ("http://localhost:8080", .warning),
            ("https://192.0.2.7", .warning), ("https://[2001:db8::7]", .warning),
        ] as [(String, Finding.Level)])
    func lastLine(issuer: String, level: Finding.Level) throws {
        let findings = try Self.doctor("providers: {acme: \(Self.gateway())}", issuer: issuer).lastLine()
        #expect(findings.map(\.level) == [level], "\(findings)")
        #expect(try Self.doctor("").lastLine().isEmpty, "no text, no line")
    }

    @Test("A gateway whose receipts are not taken")
    func receipts() throws {
        let with = ", receipt_secret: 0123456789abcdef"
        #expect(try Self.doctor("providers: {acme: \(Self.gateway(with))}").receipts().isEmpty)
        let findings = try Self.doctor("providers: {acme: \(Self.gateway())}").receipts()
        #expect(findings.map(\.subject) == ["provider acme"] && findings.first?.hint?.contains("acme") == true)
    }

    @Test("The programs that calls need, where there are calls")
    func voice() throws {
        let calls = "providers: {calls: {kind: sip, user: f, domain: sip.example}}"
        #expect(try Self.doctor(calls).voicePrograms(["/bin/sh"]).map(\.level) == [.ok])
        let missing = try Self.doctor(calls).voicePrograms(["/bin/sh", "/nowhere/sox"])
        #expect(missing.map(\.level) == [.problem] && missing.first?.message.contains("/nowhere/sox") == true)
        #expect(try Self.doctor("").voicePrograms(["/nowhere/sox"]).isEmpty)
    }

    @Test("Who answers, who does not, and within what time")
    func reachable() async throws {
        let (open, closed) = (try Listener(), try Listener())
        closed.end()
        let providers = """
            a: \(Self.gateway(address: "http://127.0.0.1:\(open.port)/m")),
            b: \(Self.gateway(address: "http://127.0.0.1:\(closed.port)/m")),
            c: {kind: smpp, host: 127.0.0.1, port: \(open.port), system_id: s, password: p, sender: F},
            d: {kind: sip, user: f, domain: "127.0.0.1:\(open.port)"},
            e: {kind: sip, user: f, domain: nobody.invalid},
            f: {kind: smtp, host: 127.0.0.1, port: \(open.port), security: none, from: a@f.example}
            """.replacing("\n", with: " ")
        let findings = try await Self.doctor("providers: {\(providers)}").reachable(within: .milliseconds(300))
        #expect(findings.map(\.subject) == ["a", "b", "c", "d", "e", "f"].map { "provider \($0)" })
        #expect(findings.map(\.level) == [.ok, .problem, .problem, .ok, .problem, .ok], "\(findings)")
        #expect(findings[1].message.contains("nobody listens"))
        #expect(findings[2].message.contains("no answer within"), "it takes the connection and says nothing of TLS")
        #expect(findings.allSatisfy { $0.level == .ok || $0.hint != nil })
    }
}

/// Somebody who listens, and never says a word.
private final class Listener {
    let port: Int
    private let descriptor: Int32
    private var isOpen = true

    init() throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileWriteUnknown) }
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { self.end() }

    func end() {
        guard self.isOpen else { return }
        self.isOpen = false
        close(self.descriptor)
    }
}
