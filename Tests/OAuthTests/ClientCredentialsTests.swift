import Encodings
import OAuth
import Testing

@Suite("Client credentials")
struct ClientCredentialsTests {
    private func basic(_ text: String) -> String { "Basic \(Base64.encode(text.utf8))" }

    @Test(
        "Basic",
        arguments: [
            ("portal:s3cret", "portal", "s3cret"), ("a%3Ab:c%2Bd+e%25", "a:b", "c+d e%"),
            ("portal:a:b", "portal", "a:b"),
            ("portal:%C3%A9", "portal", "é"),
        ])
    func header(plain: String, id: String, secret: String) throws {
        for scheme in ["Basic", "basic", "BASIC"] {
            let header = "\(scheme) \(Base64.encode(plain.utf8))"
            let credentials = try ClientCredentials(authorization: header, fields: FormFields())
            #expect(credentials.clientID == id)
            #expect(credentials.secret?.revealed == secret)
            #expect(credentials.method == .basic)
        }
    }

    @Test("RFC 6749 section 2.3.1, header and body")
    func specification() throws {
        let header = try ClientCredentials(
            authorization: "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3", fields: FormFields())
        let fields = try Fixtures.form(["client_id": "s6BhdRkqt3", "client_secret": "7Fjfp0ZBr1KtDRbnfVdmIw"])
        let body = try ClientCredentials(authorization: nil, fields: fields)
        #expect(body.method == .body)
        for credentials in [header, body] {
            #expect(credentials.clientID == "s6BhdRkqt3")
            #expect(credentials.secret?.revealed == "7Fjfp0ZBr1KtDRbnfVdmIw")
            #expect(!"\(credentials)".contains("7Fjfp0ZBr1KtDRbnfVdmIw"))
        }
    }

    @Test("An id alone is that of a public client")
    func publicClient() throws {
        for fields in [["client_id": "app"], ["client_id": "app", "client_secret": ""]] {
            let credentials = try ClientCredentials(authorization: nil, fields: Fixtures.form(fields))
            #expect(credentials.clientID == "app" && credentials.secret == nil && credentials.method == .none)
        }
    }

    @Test(
        "Refused headers",
        arguments: [
            "", "Basic", "Basic ", "Basic  cDpz", " Basic cDpz", "Basic cDpz ", "Bearer cDpz", "Basic\tcDpz",
            "Basic cDpz=",
            "Basic cDpzMQ", "Basic cDp_", "Basic !!!!", "Basic cA==", "Basic OnM=", "Basic cDo=", "Basic cDr/",
            "Basic cDol", "Basic cDolZmY=", "Basic cDolMDA=", "Basic cCBwOnM=", "Ba\u{17F}ic cDpz",
        ])
    func refusedHeader(header: String) throws {
        let error = #expect(throws: TokenError.self) {
            try ClientCredentials(authorization: header, fields: Fixtures.form(["client_id": "p"]))
        }
        #expect(error?.code == .invalidClient)
        #expect(error?.status == 401)
        #expect(error?.challenge?.hasPrefix("Basic ") == true)
    }

    @Test("Never both")
    func both() throws {
        let header = self.basic("portal:s")
        let same = try Fixtures.form(["client_id": "portal"])
        #expect(try ClientCredentials(authorization: header, fields: same).method == .basic)
        for fields in [["client_id": "other"], ["client_secret": "s"], ["client_id": "portal", "client_secret": "s"]] {
            let error = #expect(throws: TokenError.self) {
                try ClientCredentials(authorization: header, fields: Fixtures.form(fields))
            }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test(
        "Refused bodies",
        arguments: [
            [:], ["client_id": ""], ["client_secret": "s"], ["client_id": "a b"], ["client_id": "é"],
            ["client_id": "a", "client_secret": String(repeating: "s", count: 513)],
        ])
    func refusedBody(fields: [String: String]) throws {
        let error = #expect(throws: TokenError.self) {
            try ClientCredentials(authorization: nil, fields: Fixtures.form(fields))
        }
        #expect(error?.code == .invalidClient)
    }
}
