// Assurance is true to what was proven; it and the purposes are schema.

import Authenticators
import Encodings
import Identifiers
import Sessions
import Testing
import Time

@Suite struct AssuranceTests {
    @Test(
        "Multi-factor only where that was proven",
        arguments: [
            ([], .singleFactor), ([.password], .singleFactor), ([.oneTimePassword], .singleFactor),
            ([.oneTimePassword, .pin], .singleFactor), ([.oneTimePassword, .pin, .multiFactor], .multiFactor),
            ([.password, .oneTimePassword, .pin, .multiFactor], .multiFactor),
        ] as [([AuthenticationMethod], Assurance)])
    func assurance(methods: [AuthenticationMethod], expected: Assurance) {
        #expect(Authentication(at: Instant(milliseconds: 0), methods: methods).assurance == expected)
    }

    @Test("What a weaker factor has bound is worth no more, and binds no more; what was done stays told")
    func limited() {
        let (start, done) = (Instant(milliseconds: 0), [AuthenticationMethod.oneTimePassword, .pin, .multiFactor])
        let limited = Authentication(at: start, methods: done, limitedUntil: start + .hours(72))
        #expect(limited.assurance == .singleFactor && limited.isMultiFactor && limited.methods == done)
        #expect(BindingStrength(limited) == .singleFactor)
        #expect(BindingStrength(Authentication(at: start, methods: done)) == .multiFactor)
        #expect(BindingStrength(Authentication(at: start, methods: [.password])) == .singleFactor)
    }

    @Test("Only in a browser a PIN can be changed")
    func endsOnPages() {
        #expect(LoginPurpose.account(AccountVisit(returnTo: "/account")).endsOnPages)
        #expect(LoginPurpose.authorization(Self.pending).endsOnPages)
        #expect(!LoginPurpose.native(Self.pending).endsOnPages && !LoginPurpose.factorCheck.endsOnPages)
    }

    @Test("Only the server's own pages take a password alone")
    func passwordMaySuffice() {
        #expect(LoginPurpose.account(AccountVisit(returnTo: "/account")).passwordMaySuffice)
        #expect(!LoginPurpose.factorCheck.passwordMaySuffice)
        #expect(!LoginPurpose.authorization(Self.pending).passwordMaySuffice)
    }

    @Test("The values of `acr` stand in tokens")
    func values() {
        let values = ["urn:countersign:acr:single-factor", "urn:countersign:acr:multi-factor"]
        #expect(Assurance.allCases.map(\.rawValue) == values)
    }

    static let pending = PendingAuthorization(
        redirectURI: "https://app.example/back", scope: ["openid", "profile"], state: "s", nonce: nil,
        codeChallenge: "c", loginHint: nil, uiLocales: ["de", "en"], query: "a=b")

    @Test(
        "Purposes as they are stored",
        arguments: [
            (.factorCheck, #"{"factorCheck":{}}"#),
            (.account(AccountVisit(returnTo: "/account")), #"{"account":{"_0":{"returnTo":"/account"}}}"#),
            (
                .account(AccountVisit(returnTo: "/account/x", user: UserID("000000000000000000000000000000a1"))),
                #"{"account":{"_0":{"returnTo":"/account/x","user":"000000000000000000000000000000a1"}}}"#
            ),
            (
                .account(
                    AccountVisit(
                        returnTo: "/account/x", user: UserID("000000000000000000000000000000a1"), loginHint: "alice")),
                #"{"account":{"_0":{"loginHint":"alice","returnTo":"/account/x","#
                    + #""user":"000000000000000000000000000000a1"}}}"#
            ),
            (
                .account(
                    AccountVisit(
                        returnTo: "/account/x", user: UserID("000000000000000000000000000000a1"),
                        strength: .multiFactor)),
                #"{"account":{"_0":{"returnTo":"/account/x","strength":"multi_factor","#
                    + #""user":"000000000000000000000000000000a1"}}}"#
            ),
            (
                .authorization(pending),
                #"{"authorization":{"_0":{"codeChallenge":"c","query":"a=b","redirectURI":"https://app.example/back","#
                    + #""scope":["openid","profile"],"state":"s","uiLocales":["de","en"]}}}"#
            ),
        ] as [(LoginPurpose, String)])
    func purposes(purpose: LoginPurpose, json: String) throws {
        #expect(purpose.storedText == json)
        #expect(try LoginPurpose(storedText: json) == purpose)
    }

    @Test("What a program can do stands with the login that it draws; pages and factor checks know every way")
    func capabilities() throws {
        func pending(_ capabilities: Set<ClientCapability>) -> PendingAuthorization {
            PendingAuthorization(
                redirectURI: "r", scope: [], state: nil, nonce: nil, codeChallenge: nil, loginHint: nil, uiLocales: [],
                query: "", capabilities: capabilities)
        }
        let json =
            #"{"native":{"_0":{"capabilities":["voice"],"query":"","redirectURI":"r","scope":[],"uiLocales":[]}}}"#
        #expect(LoginPurpose.native(pending([.voice])).storedText == json)
        #expect(try LoginPurpose(storedText: json) == .native(pending([.voice])))
        for (purpose, ways) in [
            (.native(pending([])), [.text]), (.native(pending([.voice])), [.text, .voice]),
            (.authorization(pending([])), [.text, .voice]), (.factorCheck, [.text, .voice]),
            (.account(AccountVisit(returnTo: "/account")), [.text, .voice]),
        ] as [(LoginPurpose, Set<CodeWay>)] {
            #expect(purpose.codeWays == ways)
        }
    }

    @Test("What an application insists on")
    func insists() throws {
        let (alice, dave) = (
            try #require(UserID(String(repeating: "a", count: 32))),
            try #require(UserID(String(repeating: "d", count: 32)))
        )
        func pending(_ subject: UserID?, _ assurances: [Assurance]) -> PendingAuthorization {
            PendingAuthorization(
                redirectURI: "", scope: [], state: nil, nonce: nil, codeChallenge: nil, loginHint: nil, uiLocales: [],
                query: "", subject: subject, assurances: assurances)
        }
        let one = Authentication(at: Instant(milliseconds: 0), methods: [.password])
        let two = Authentication(at: Instant(milliseconds: 0), methods: [.password, .oneTimePassword, .multiFactor])
        for (wanted, user, authentication, expected) in [
            (pending(nil, []), dave, one, true), (pending(alice, []), alice, one, true),
            (pending(alice, []), dave, two, false), (pending(nil, [.multiFactor]), dave, one, false),
            (pending(nil, [.multiFactor]), dave, two, true), (pending(nil, [.singleFactor]), dave, two, false),
            (pending(nil, Assurance.allCases), dave, one, true),
        ] {
            #expect(wanted.accepts(user, authentication) == expected)
        }
    }

    @Test("What forms let in can be read again, noncharacters too")
    func noncharacters() throws {
        let pending = PendingAuthorization(
            redirectURI: "", scope: [], state: nil, nonce: nil, codeChallenge: nil, loginHint: "\u{FFFF}<\"\\",
            uiLocales: [], query: "a=b&c")
        let purpose = LoginPurpose.authorization(pending)
        #expect(try LoginPurpose(storedText: purpose.storedText) == purpose)
    }

    @Test("Refused in storage", arguments: ["{}", "null", #"{"authorization":{}}"#, #"{"raffle":{}}"#])
    func refusedInStorage(json: String) {
        #expect(throws: JSONMemberError.self) { try LoginPurpose(storedText: json) }
    }
}
