import Foundation
import Logging
import Synchronization
import Testing

@testable import ClientPortal

@Suite("Configuration and parsing")
struct ConfigurationTests {
    private func configuration(
        issuer: String = "http://localhost:8080", secret: String = "x", port: Int = 8081, publicURL: String? = nil
    ) throws -> PortalConfiguration {
        try PortalConfiguration(
            issuer: issuer, clientID: "client-portal", clientSecret: secret, host: "127.0.0.1", port: port,
            publicURL: publicURL)
    }

    @Test(
        "Refused issuers",
        arguments: [
            ("login.example", .notAnAddress("login.example")), ("ftp://x", .notAnAddress("ftp://x")),
            ("https://x/?a=b", .notAnAddress("https://x/?a=b")), ("https://x/#a", .notAnAddress("https://x/#a")),
            ("https://u:p@x", .notAnAddress("https://u:p@x")),
            ("http://login.example", .plainHTTP("http://login.example")),
            ("http://127.0.0.1.example", .plainHTTP("http://127.0.0.1.example")),
        ] as [(String, ConfigurationError)])
    func refusedIssuers(issuer: String, error: ConfigurationError) {
        #expect(throws: error) { try self.configuration(issuer: issuer) }
    }

    @Test("Accepted issuers", arguments: ["https://x", "http://127.0.0.1:1", "http://[::1]:80/a", "http://localhost/"])
    func acceptedIssuers(issuer: String) throws {
        #expect(try self.configuration(issuer: issuer).issuer.text == issuer)
    }

    @Test("Other refusals")
    func others() {
        #expect(throws: ConfigurationError.noClientSecret) { try self.configuration(secret: "") }
        #expect(throws: ConfigurationError.badPort(65536)) { try self.configuration(port: 65536) }
        #expect(throws: ConfigurationError.notAnOrigin("http://x/a")) {
            try self.configuration(publicURL: "http://x/a")
        }
    }

    @Test(
        "A public address is an origin", arguments: [("https://X:443/", "https://x"), ("http://x:81", "http://x:81")])
    func publicAddress(text: String, origin: String) throws {
        #expect(try self.configuration(publicURL: text).publicURL?.origin == origin)
    }

    @Test("A demo file: the issuer and the portal's own registration, other keys ignored")
    func demoFile() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            {"issuer":"http://localhost:8080","users":[1],"applications":[{"client_id":"other"},{"client_id":
            "client-portal","client_secret":"abc","redirect_uris":["http://127.0.0.1:8081/callback"],"x":{}}]}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let file = try DemoFile(path: path, clientID: "client-portal")
        #expect(file.issuer == "http://localhost:8080" && file.clientSecret == "abc")
        #expect(throws: ConfigurationError.noSuchApplication("other")) { try DemoFile(path: path, clientID: "other") }
        #expect(throws: ConfigurationError.unreadableFile(path + "x")) {
            try DemoFile(path: path + "x", clientID: "client-portal")
        }
        try Data("abc\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try SecretFile.read(path) == "abc")
        #expect(throws: ConfigurationError.malformedDemoFile(path)) { try DemoFile(path: path, clientID: "x") }
    }

    @Test("Forms", arguments: [("a=b+c&d=%E4%B8%AD", ["a": "b c", "d": "中"]), ("", [:]), ("a", ["a": ""])])
    func forms(text: String, values: [String: String]) throws {
        let form = try FormFields(parsing: text)
        for (name, value) in values { #expect(form[name] == value) }
    }

    @Test("Refused forms", arguments: ["a=1&a=2", "a=1&%61=2", "a=%ff", "a=%", "a=%00", "a=%0a", "a=%C2%85"])
    func refusedForms(text: String) {
        #expect(throws: PortalError.malformedRequest) { try FormFields(parsing: text) }
    }

    @Test("base64url has one spelling", arguments: ["AA==", "A", "AB", "A+", "A A", "AAA\n"])
    func base64url(text: String) { #expect(Data(base64URL: text) == nil) }

    @Test("A store forgets at the end of the lifetime, keeps to its limit, and gives a value out once")
    func store() {
        let store = ExpiringStore<Int>(limit: 3, lifetime: 10)
        for number in 0..<5 { store.insert(number, for: "\(number)", at: Double(number)) }
        #expect(store.count == 3)
        #expect(store.value(for: "1", at: 5) == nil && store.value(for: "2", at: 5) == 2)
        #expect(store.value(for: "2", at: 12) == nil)
        #expect(store.take("3", at: 5) { $0 != 3 } == nil)
        #expect(store.take("3", at: 5) == 3 && store.take("3", at: 5) == nil)
    }

    @Test("With port 0 the public address has the port chosen")
    func portZero() async throws {
        let configuration = try self.configuration(port: 0)
        let portal = ClientPortal(
            configuration: configuration, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let task = Task { try await portal.run { continuation.yield($0) } }
        let line = await lines.first { _ in true }
        task.cancel()
        try? await task.value
        let address = try #require(line.flatMap(WebAddress.init))
        #expect(address.origin.hasPrefix("http://127.0.0.1:") && !address.origin.hasSuffix(":0"))
    }
}
