// How an application proves itself, and how OAuth sees it.

import Applications
import Encodings
import Identifiers
import OAuth
import Testing

@Suite struct ApplicationProofTests {
    static let secret = "0123456789abcdef0123456789abcdef"

    private func application(
        kind: ApplicationKind = .web, secret: String?, redirectURIs: [String] = [],
        permissions: Set<ApplicationPermission> = []
    ) throws -> Application {
        let registration = ApplicationRegistration(
            name: "Desk", kind: kind, redirectURIs: redirectURIs, postLogoutRedirectURIs: redirectURIs,
            permissions: permissions)
        return Application(
            id: try #require(ApplicationID("000000000000000000000000000000d1")), clientID: "desk",
            registration: registration, secretHash: secret.map(Application.hash(ofSecret:)))
    }

    @Test(
        "A confidential one by its secret alone, a public one by none",
        arguments: [
            (secret, secret, true), (secret, nil, false), (secret, "", false), (secret, secret + "0", false),
            (secret, String(secret.dropLast()), false), (secret, secret.uppercased(), false),
            (nil, nil, true), (nil, "", false), (nil, secret, false),
        ] as [(String?, String?, Bool)])
    func proven(registered: String?, given: String?, expected: Bool) throws {
        #expect(try application(secret: registered).isProven(by: given) == expected)
    }

    @Test("The hash that is stored does not open anything")
    func hash() throws {
        let application = try application(secret: Self.secret)
        let hash = try #require(application.secretHash)
        #expect(hash.count == 32)
        #expect(!application.isProven(by: String(decoding: hash, as: UTF8.self)))
        #expect(Application.shortestSecret == 32)
    }

    @Test("Whoever proves itself by a key does not by leaving the secret away")
    func key() throws {
        let registration = ApplicationRegistration(
            name: "Desk", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: [],
            authentication: .privateKey, keys: ["keys": []])
        let id = try #require(ApplicationID("000000000000000000000000000000d1"))
        let application = Application(id: id, clientID: "desk", registration: registration, secretHash: nil)
        #expect(application.isConfidential && application.client.authentication == .confidential)
        #expect(!application.isProven(by: nil) && !application.isProven(by: ""))
        #expect(try ApplicationRegistration(storedText: registration.storedText) == registration)
        #expect(try self.application(secret: Self.secret).authentication == .basic)
        #expect(try self.application(secret: nil).authentication == .none)
    }

    @Test("As OAuth sees it")
    func client() throws {
        let addresses = ["https://app.example/back", "not an address", "http://app.example/back"]
        let web = try application(secret: Self.secret, redirectURIs: addresses)
        #expect(web.client.id == "desk")
        #expect(web.client.authentication == .confidential)
        #expect(!web.client.isNative)
        #expect(web.client.redirectURIs == [try RedirectURI(parsing: "https://app.example/back", native: false)])
        #expect(web.postLogoutRedirectURIs == web.client.redirectURIs)

        let native = try application(kind: .native, secret: nil, redirectURIs: ["http://127.0.0.1/back"])
        #expect(native.client.authentication == .public)
        #expect(native.client.isNative)
        #expect(native.client.redirectURIs.count == 1)
    }

    @Test("Scopes stand in requests")
    func scopes() throws {
        let all = ["openid", "profile", "email", "address", "phone", "offline_access", "admin"]
        #expect(Scope.allCases.map(\.rawValue) == all)
        let usual: Set = ["openid", "profile", "email", "address", "phone"]
        #expect(try application(secret: nil).client.scopes == usual)
        let refreshing = try application(secret: nil, permissions: [.offlineAccess])
        #expect(refreshing.client.scopes == usual.union(["offline_access"]))
    }
}
