import Applications
import Encodings
import Flows
import OAuth
import SQL
import ServerApp
import Storage
import TestWorld
import Testing
import Time
import TokenSigning

@Suite("Signed by what, and how the keys change")
struct SigningKeyTests {
    private static var rsaClient: Provisions.NewApplication {
        Provisions.NewApplication(
            clientID: "certified", secretHash: Application.hash(ofSecret: Firm.portalSecret),
            registration: ApplicationRegistration(
                name: "certified", kind: .web, redirectURIs: [Firm.callback], postLogoutRedirectURIs: [],
                permissions: [], idTokenAlgorithm: .rs256))
    }

    private static func idToken(
        _ site: Site, _ visitor: inout Visitor, _ clientID: String = "portal"
    ) async throws -> String {
        let back = try await visitor.authorize([("client_id", clientID)])
        let fields = [
            ("grant_type", "authorization_code"), ("code", try #require(back.parameter("code"))),
            ("redirect_uri", Firm.callback), ("code_verifier", World.verifier),
        ]
        let tokens = try await site.post("/oauth2/token", fields, Site.basic(clientID, Firm.portalSecret))
        return try OpenIDTests.text(tokens, "id_token")
    }

    @Test("ES256 unless registered for RS256; both verify with the published keys", arguments: StoreKind.allCases)
    func algorithms(kind: StoreKind) async throws {
        try await Site.with(kind, adding: [Self.rsaClient]) { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let keys = try await PublishedKeys(site)
            for (clientID, algorithm) in [("portal", "ES256"), ("certified", "RS256")] {
                let token = try await Self.idToken(site, &visitor, clientID)
                #expect(try keys.verified(token)?["alg"] == .string(algorithm))
                let parts = token.split(separator: ".")
                #expect(try keys.verified("\(parts[0]).e30.\(parts[2])") == nil)
                let hinted = try await visitor.authorize([("id_token_hint", token), ("prompt", "none")])
                #expect(hinted.parameter("code") != nil, "and the server reads it back")
            }
        }
    }

    @Test("A rotation that no application notices", arguments: StoreKind.allCases)
    func rotation(kind: StoreKind) async throws {
        try await Site.with(kind, adding: [Self.rsaClient]) { site in
            let clock = site.clock
            let store = try await Store.open(site.driver, clock: clock)
            let flow = SigningKeysFlow(
                environment: FlowEnvironment(store: store, clock: { clock.now() }, random: .system))
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let old = try await Self.idToken(site, &visitor)
            let before = try await PublishedKeys(site)
            _ = try await flow.prepare(make: TokenSigner.makeKey, actor: "test")
            try await site.server.lookAtSigningKeys()
            let published = try await PublishedKeys(site)
            #expect(published.ids.count == 4 && published.ids.isSuperset(of: before.ids))
            #expect(try before.verified(try await Self.idToken(site, &visitor)) != nil, "the old one signs for now")
            clock.advance(.minutes(10))
            try await site.server.lookAtSigningKeys()
            for clientID in ["portal", "certified"] {
                let new = try await Self.idToken(site, &visitor, clientID)
                #expect(try published.verified(new) != nil, "known to whoever fetched the keys before")
                #expect(try before.verified(new) == nil, "and signed by a new one")
            }
            #expect(try await PublishedKeys(site).verified(old) != nil, "what the old one signed still verifies")
            #expect(try await visitor.authorize([("id_token_hint", old), ("prompt", "none")]).parameter("code") != nil)
            clock.advance(.hours(25))
            try await site.server.lookAtSigningKeys()
            #expect(try await PublishedKeys(site).ids == published.ids.subtracting(before.ids))
        }
    }

    @Test("What is no token of ours is not read", arguments: [SigningAlgorithm.es256, .rs256])
    func read(algorithm: SigningAlgorithm) throws {
        let keys = try SigningAlgorithm.allCases.map { try TokenSigner.makeKey($0, id: $0.rawValue) }
        let others = try SigningAlgorithm.allCases.map { try TokenSigner.makeKey($0, id: $0.rawValue) }
        let (signer, other) = (try TokenSigner(keys), try TokenSigner(others))
        let token = try signer.sign(["a": 1], type: "JWT", algorithm: algorithm)
        #expect(signer.read(token, type: "JWT") == ["a": 1])
        #expect(signer.read(token, type: "logout+jwt") == nil && other.read(token, type: "JWT") == nil)
        let parts = token.split(separator: ".").map(String.init)
        func text(_ header: JSONValue) -> String { "\(Base64URL.encode(header.encoded())).\(parts[1])" }
        let wrongAlgorithm = algorithm == .es256 ? "RS256" : "ES256"
        for bad in [
            "", "a.b.c", "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", "\(token).", "\(parts[0])..\(parts[2])",
            "\(text(["alg": "none", "typ": "JWT", "kid": .string(algorithm.rawValue)])).",
            "\(text(["alg": .string(wrongAlgorithm), "typ": "JWT", "kid": .string(algorithm.rawValue)])).\(parts[2])",
            "\(text(["alg": .string(algorithm.rawValue), "typ": "JWT"])).\(parts[2])",
        ] {
            #expect(signer.read(bad, type: "JWT") == nil, "\(bad)")
        }
    }

    @Test("A damaged or missing key is refused, and the signer goes on with those it has")
    func damaged() throws {
        let keys = try SigningAlgorithm.allCases.map { try TokenSigner.makeKey($0, id: $0.rawValue) }
        #expect(throws: TokenSigningError.noKey) { try TokenSigner(Array(keys.prefix(1))) }
        #expect(throws: TokenSigningError.noKey) { try TokenSigner([]) }
        let signer = try TokenSigner(keys)
        let damaged = StoredSigningKey(id: "bad", algorithm: "ES256", privateKey: [1])
        #expect(throws: TokenSigningError.damagedKey("bad")) { try signer.update(keys + [damaged]) }
        #expect(signer.read(try signer.sign([:], type: "JWT"), type: "JWT") == [:])
    }
}
