import Channels
import Encodings
import Testing
import Time

@testable import HTTPChannel

@Suite("Settings of a gateway")
struct GatewaySettingsTests {
    private static func refused(
        _ expected: GatewaySettingsError, _ change: (inout HTTPGatewaySettings) -> Void
    ) {
        var settings = Sample.settings()
        change(&settings)
        #expect(throws: expected) { try PreparedGateway(settings) }
    }

    @Test(
        "Addresses that are refused",
        arguments: [
            ("ftp://gateway.example/", .malformedAddress("ftp://gateway.example/")),
            ("gateway.example/send", .malformedAddress("gateway.example/send")),
            ("https:///send", .malformedAddress("https:///send")),
            ("https://user:password@gateway.example/", .malformedAddress("https://user:password@gateway.example/")),
            ("https://gateway.example/?to=1", .malformedAddress("https://gateway.example/?to=1")),
            ("https://gateway.example/#a", .malformedAddress("https://gateway.example/#a")),
            ("https://gateway.example/a b", .malformedAddress("https://gateway.example/a b")),
            ("https://gateway.example/\r\nX: y", .malformedAddress("https://gateway.example/\r\nX: y")),
            ("http://gateway.example/", .plainHTTP("gateway.example")),
            ("http://127.0.0.1.example/", .plainHTTP("127.0.0.1.example")),
            ("http://127.example.0.1/", .plainHTTP("127.example.0.1")),
            ("http://localhost.example/", .plainHTTP("localhost.example")),
        ] as [(String, GatewaySettingsError)])
    func addresses(address: String, error: GatewaySettingsError) { Self.refused(error) { $0.address = address } }

    @Test(
        "Addresses that are taken",
        arguments: [
            "https://gateway.example/send", "https://gateway.example:8443/a/b", "http://localhost:1/",
            "http://127.0.0.1/", "http://127.8.0.1:80/", "http://[::1]:8080/send",
        ])
    func taken(address: String) throws {
        var settings = Sample.settings()
        settings.address = address
        _ = try PreparedGateway(settings)
    }

    @Test("Plain http to another machine, where the firm says so")
    func plain() throws {
        var settings = Sample.settings(transport: GatewayTransport(allowsPlainHTTP: true))
        settings.address = "http://gateway.example/send"
        _ = try PreparedGateway(settings)
    }

    @Test("What else is refused")
    func others() {
        Self.refused(.malformedMethod("DELETE")) { $0.method = "DELETE" }
        Self.refused(.unknownPlaceholder("too")) { $0.body = .text("{{too}}") }
        Self.refused(.unknownPlaceholder("TEXT")) { $0.query = [GatewayPair("a", "{{TEXT}}")] }
        Self.refused(.unclosedPlaceholder(in: "{{to}")) { $0.body = .form([GatewayPair("a", "{{to}")]) }
        Self.refused(.malformedJSON) { $0.body = .json(#"{"a": }"#) }
        Self.refused(.unknownPlaceholder("text")) { $0.body = .json(##"{"a": "{{#text}}"}"##) }
        Self.refused(.malformedHeader("X Y")) { $0.headers = [GatewayPair("X Y", "a")] }
        Self.refused(.malformedHeader("")) { $0.headers = [GatewayPair("", "a")] }
        Self.refused(.malformedHeader("Authorization")) { $0.authentication = .bearer(GatewaySecret("a\r\nb: c")) }
        Self.refused(.malformedPointer("id")) { $0.answer.reference = .at(.pointer("id")) }
        Self.refused(.malformedPointer("/a~2")) { $0.answer.code = .pointer("/a~2") }
        Self.refused(.malformedCallback("/receipts")) { $0.callback = "/receipts" }
        Self.refused(.unknownPlaceholder("text")) { $0.callback = "https://login.example/{{text}}" }
        Self.refused(.unusableTimeouts) { $0.transport.totalTimeout = .seconds(1) }
        Self.refused(.unusableTimeouts) { $0.transport.connectTimeout = .seconds(0) }
        Self.refused(.unusableTimeouts) { $0.transport.connections = 0 }
    }

    @Test("An authority's file that is not there")
    func authority() {
        let transport = GatewayTransport(certificateAuthority: "/nonexistent.pem")
        #expect(throws: GatewaySettingsError.unreadableCertificateAuthority(path: "/nonexistent.pem")) {
            try HTTPChannel(Sample.settings(transport: transport))
        }
    }

    @Test("A secret prints as nothing")
    func secrets() {
        let shape = HTTPGatewaySettings.twilioShape(
            account: "AC1", token: Sample.secret, sender: "Firm", callback: nil)
        var dumped = ""
        dump(shape, to: &dumped)
        for text in ["\(shape)", String(reflecting: shape), dumped] { #expect(!text.contains(Sample.secret.text)) }
    }

    @Test(
        "Places in a JSON value (RFC 6901 section 5)",
        arguments: [
            ("/foo/0", "bar"), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/ ", "7"),
            ("/m~0n", "8"), ("/foo/00", nil), ("/foo/-1", nil), ("/foo/2", nil), ("/foo/-", nil), ("/x", nil),
            ("/foo/0/a", nil), ("", nil), ("/foo", nil),
        ] as [(String, String?)])
    func pointers(text: String, expected: String?) throws {
        let json = #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4," ":7,"m~n":8}"#
        let value = try JSONValue(parsing: Array(json.utf8))
        #expect(try JSONPointer(parsing: text).value(in: value)?.scalarText == expected)
    }
}
