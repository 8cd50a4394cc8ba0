import OAuth
import Testing

@Suite("Redirect addresses")
struct RedirectURITests {
    @Test(
        "Registered, with their origin",
        arguments: [
            ("https://app.example", "https://app.example"), ("https://app.example/", "https://app.example"),
            ("https://app.example/cb?tenant=1", "https://app.example"),
            ("https://app.example?a", "https://app.example"),
            ("https://app.example:443/cb", "https://app.example"),
            ("https://app.example:8443/cb", "https://app.example:8443"),
            ("https://a-b.xn--bcher-kva.example/c%C3%A9b", "https://a-b.xn--bcher-kva.example"),
            ("https://10.0.0.7/cb", "https://10.0.0.7"),
            ("https://[2001:db8::1]:8443/cb", "https://[2001:db8::1]:8443"),
            ("http://localhost:8080/cb", "http://localhost:8080"), ("http://127.0.0.1/cb", "http://127.0.0.1"),
            ("http://[::1]/cb", "http://[::1]"), ("https://app.example/cb?next=%2Fhome", "https://app.example"),
        ])
    func web(text: String, origin: String) throws {
        for native in [false, true] { #expect(try RedirectURI(parsing: text, native: native).origin == origin) }
    }

    @Test(
        "An app's own scheme",
        arguments: ["com.example.app:/cb", "com.example.app://cb", "com.example.app:/", "com.example.app:/cb?x=1"])
    func privateUse(text: String) throws {
        #expect(try RedirectURI(parsing: text, native: true).origin == "com.example.app:")
        #expect(throws: AddressError.self) { try RedirectURI(parsing: text, native: false) }
    }

    @Test(
        "A source for form-action",
        arguments: [
            ("https://app.example:8443/cb", "https://app.example:8443"), ("com.example.app:/cb", "com.example.app:"),
            ("http://[::1]:5000/cb", "http:"), ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"),
        ])
    func formAction(text: String, source: String) throws {
        #expect(try RedirectURI(parsing: text, native: true).formActionSource == source)
    }

    @Test(
        "Refused at registration",
        arguments: [
            ("", .notAbsolute), ("/cb", .notAbsolute), ("//app.example/cb", .notAbsolute),
            ("app.example/cb", .notAbsolute),
            ("https:/app.example/cb", .notAbsolute), ("https:app.example", .notAbsolute),
            ("https:///cb", .malformedHost),
            ("https://", .malformedHost), ("http://app.example/cb", .needsTLS),
            ("http://127.0.0.1.evil.com/cb", .needsTLS),
            ("http://localhost.evil.com/cb", .needsTLS), ("http://127.0.0.2/cb", .needsTLS),
            ("http://[::]/cb", .needsTLS),
            ("HTTPS://app.example/cb", .malformedScheme), ("Http://127.0.0.1/cb", .malformedScheme),
            ("ftp://app.example/cb", .malformedScheme), ("javascript:alert(1)", .notAbsolute),
            ("javascript://app.example/%250aalert(1)", .malformedScheme), ("data:text/html,x", .notAbsolute),
            ("myapp://cb", .malformedScheme), (" https://app.example/cb", .forbiddenCharacter),
            ("https://app.example/cb#", .fragment), ("https://app.example/#x", .fragment),
            ("https://user@app.example/cb", .userInformation), ("https://a:b@app.example/cb", .userInformation),
            ("https://@app.example/cb", .userInformation), ("http://127.0.0.1:80@evil.com", .userInformation),
            ("https://*.app.example/cb", .wildcard), ("https://app.example/*", .wildcard),
            ("https://app.example\\@evil.com/cb", .forbiddenCharacter),
            ("https:\\\\app.example/cb", .forbiddenCharacter),
            ("https://app.example/c b", .forbiddenCharacter), ("https://app.example/cb\n", .forbiddenCharacter),
            ("https://app.example/cb\u{0}", .forbiddenCharacter), ("https://app.example/\t", .forbiddenCharacter),
            ("https://app.example/%00", .forbiddenCharacter), ("https://app.example/%0d%0aX", .forbiddenCharacter),
            ("https://app.example/%7f", .forbiddenCharacter), ("https://bücher.example/cb", .forbiddenCharacter),
            ("https://app。example/cb", .forbiddenCharacter), ("https://app.example/<x>", .forbiddenCharacter),
            ("https://app.example/{x}", .forbiddenCharacter), ("https://app.example/\"", .forbiddenCharacter),
            ("https://app.example/[x]", .forbiddenCharacter), ("https://app.example/%", .malformedEscape),
            ("https://app.example/%4", .malformedEscape), ("https://app.example/%zz", .malformedEscape),
            ("https://app.example/%+4", .malformedEscape), ("https://app.example./cb", .malformedHost),
            ("https://App.example/cb", .malformedHost), ("https://app..example/cb", .malformedHost),
            ("https://.app.example/cb", .malformedHost), ("https://-app.example/cb", .malformedHost),
            ("https://app_1.example/cb", .malformedHost), ("https://app.example%2eevil.com/cb", .malformedHost),
            ("https://app.example;evil.com/cb", .malformedHost), ("https://2130706433/cb", .malformedHost),
            ("https://127.1/cb", .malformedHost), ("https://0x7f.0.0.1/cb", .malformedHost),
            ("https://127.0.0.0x1/cb", .malformedHost), ("https://127.0.0.01/cb", .malformedHost),
            ("https://127.0.0.256/cb", .malformedHost), ("https://1.2.3.4.5/cb", .malformedHost),
            ("https://[::1/cb", .malformedHost), ("https://[::g]/cb", .malformedHost),
            ("https://[1::2::3]/cb", .malformedHost),
            ("https://[1:2:3:4:5:6:7]/cb", .malformedHost), ("https://[::FF]/cb", .malformedHost),
            ("https://[:::]/cb", .malformedHost), ("https://[1:2:3:4:5:6:7::8]/cb", .malformedHost),
            ("https://[::1]evil.com/cb", .malformedHost), ("https://[::12345]/cb", .malformedHost),
            ("https://[::ffff:127.0.0.1]/cb", .malformedHost), ("https://[fe80::1%25eth0]/cb", .malformedHost),
            ("https://\(String(repeating: "a", count: 64)).example/", .malformedHost),
            ("https://app.example:/cb", .malformedPort), ("https://app.example:0/cb", .malformedPort),
            ("http://127.0.0.1:99999/cb", .malformedPort), ("http://127.0.0.1:08080/cb", .malformedPort),
            ("http://127.0.0.1:+80/cb", .malformedPort), ("http://127.0.0.1:80:80/cb", .malformedPort),
            ("http://127.0.0.1:8o/cb", .malformedPort), ("https://app.example/a/../cb", .ambiguousPath),
            ("https://app.example/./cb", .ambiguousPath), ("https://app.example/..", .ambiguousPath),
            ("https://app.example/a%2Fb", .ambiguousPath), ("https://app.example/a%5cb", .ambiguousPath),
            ("https://app.example/%2e%2E/cb", .ambiguousPath), ("https://app.example/cb?a=1&a=2", .query),
            ("https://app.example/cb?a=%ff", .query), ("https://app.example/cb?code=x", .reservedParameter("code")),
            ("https://app.example/cb?st%61te=x", .reservedParameter("state")),
            ("https://app.example/cb?iss", .reservedParameter("iss")),
            ("https://app.example/\(String(repeating: "a", count: 2_000))", .tooLong),
        ] as [(String, AddressError)])
    func refused(text: String, error: AddressError) {
        #expect(throws: error) { try RedirectURI(parsing: text, native: false) }
        #expect(throws: AddressError.self) { try RedirectURI(parsing: text, native: true) }
    }

    @Test(
        "Refused for an app",
        arguments: [
            ("com.example.app:cb", .notAbsolute), ("com.example.app:", .notAbsolute), ("myapp:/cb", .notAbsolute),
            ("Com.example.app:/cb", .malformedScheme), ("1.example:/cb", .malformedScheme),
            (".app:/cb", .malformedScheme),
            ("app.:/cb", .malformedScheme), ("com.example.app://x@y/", .userInformation),
            ("com.example.app:/#x", .fragment),
            ("com.example.app:/a/../b", .ambiguousPath), ("com.example.app:/cb?error=1", .reservedParameter("error")),
            ("com.example.app:/c\\b", .forbiddenCharacter), ("com.exämple.app:/cb", .forbiddenCharacter),
        ] as [(String, AddressError)])
    func refusedForApp(text: String, error: AddressError) {
        #expect(throws: error) { try RedirectURI(parsing: text, native: true) }
    }

    @Test(
        "The loopback port of a native client is open",
        arguments: [
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", "http://127.0.0.1:51004"),
            ("http://127.0.0.1:8080/cb", "http://127.0.0.1:51004/cb", "http://127.0.0.1:51004"),
            ("http://127.0.0.1:8080/cb", "http://127.0.0.1/cb", "http://127.0.0.1"),
            ("http://[::1]/cb", "http://[::1]:1/cb", "http://[::1]:1"),
            ("http://localhost/cb?a=1", "http://localhost:65535/cb?a=1", "http://localhost:65535"),
            ("http://127.0.0.1", "http://127.0.0.1:9", "http://127.0.0.1:9"),
        ])
    func loopback(registered: String, requested: String, origin: String) throws {
        let uri = try RedirectURI(parsing: registered, native: true)
        #expect(uri.matches(registered, native: true) && uri.matches(registered, native: false))
        #expect(uri.matches(requested, native: true))
        #expect(uri.resolve(requested, native: true)?.origin == origin)
        #expect(uri.resolve(requested, native: true)?.text == requested)
        #expect(!uri.matches(requested, native: false))
    }

    @Test(
        "Look-alikes of http://127.0.0.1:8080/cb",
        arguments: [
            "http://127.0.0.1:8080/cb/", "http://127.0.0.1:8080/cb/..", "http://127.0.0.1:8080/cbx",
            "http://127.0.0.1:8080/c",
            "http://127.0.0.1:8080/", "http://127.0.0.1:8080", "http://127.0.0.1:8080/CB", "http://127.0.0.1:8080/cb?",
            "http://127.0.0.1:8080/cb?x=1", "http://127.0.0.1:8080/cb#", "http://127.0.0.1:8080//cb",
            "http://127.0.0.1:8080/./cb", "http://127.0.0.1:8080/%63b", "http://127.0.0.1:8080%2fcb",
            "http://127.0.0.1:8080\\cb", "http://127.0.0.1.evil.com", "http://127.0.0.1.evil.com:8080/cb",
            "http://127.0.0.1.evil.com/cb", "http://127.0.0.1:80@evil.com", "http://127.0.0.1:80@evil.com/cb",
            "http://127.0.0.1:8080@evil.com/cb", "http://evil.com@127.0.0.1:8080/cb", "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:08080/cb", "http://127.0.0.1:0/cb", "http://127.0.0.1:/cb", "http://127.0.0.1:+80/cb",
            "http://127.0.0.1: 80/cb", "http://127.0.0.1:8080:80/cb", "http://127.0.0.1:65616/cb",
            "HTTP://127.0.0.1:8080/cb", "https://127.0.0.1:8080/cb", "http://127.0.0.1.:8080/cb",
            "http://localhost:8080/cb", "http://[::1]:8080/cb", "http://[::ffff:127.0.0.1]:8080/cb",
            "http://127.1:8080/cb", "http://2130706433:8080/cb", "http://0177.0.0.1:8080/cb", "http://0x7f.1:8080/cb",
            "http://127.0.0.2:8080/cb", "//127.0.0.1:8080/cb", "http:/127.0.0.1:8080/cb", "http:127.0.0.1:8080/cb",
            " http://127.0.0.1:8080/cb", "http://127.0.0.1:8080/cb ", "http://127.0.0.1:8080/cb\n", "",
            "http://127.0.0.1:8080/cb\u{301}", "http://127.0.0.1:８０８０/cb", "http://１27.0.0.1:8080/cb",
        ])
    func lookAlikes(requested: String) throws {
        let uri = try RedirectURI(parsing: "http://127.0.0.1:8080/cb", native: true)
        #expect(!uri.matches(requested, native: true))
        #expect(!uri.matches(requested, native: false))
    }

    @Test(
        "Look-alikes of https://app.example/cb, whose port is never open",
        arguments: [
            "https://app.example:443/cb", "https://app.example:8443/cb", "https://app.example/cb/",
            "https://app.example/cb?",
            "https://app.example/CB", "https://APP.example/cb", "https://app.example./cb", "https://app.example/cb%2f",
            "https://app.example/cb/../cb", "https://app.example.evil.com/cb",
            "https://evil.com/https://app.example/cb",
            "https://app.example@evil.com/cb", "https://app.example\\.evil.com/cb", "http://app.example/cb",
            "https://app.example/c\u{212A}", "https://app.example/cb#", "https://sub.app.example/cb",
        ])
    func exact(requested: String) throws {
        let uri = try RedirectURI(parsing: "https://app.example/cb", native: true)
        #expect(!uri.matches(requested, native: true))
        #expect(!uri.matches(requested, native: false))
    }

    @Test("An https loopback address and an app's own scheme have no open port")
    func noOpenPort() throws {
        let tls = try RedirectURI(parsing: "https://127.0.0.1:8080/cb", native: true)
        #expect(!tls.matches("https://127.0.0.1:9090/cb", native: true))
        let app = try RedirectURI(parsing: "com.example.app://cb:1/", native: true)
        #expect(!app.matches("com.example.app://cb:2/", native: true))
    }
}
