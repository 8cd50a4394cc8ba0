import Applications
import Authenticators
import Identifiers
import Identity
import Login
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Logins in the store")
struct LoginRepositoryTests {
    static let now = Instant(milliseconds: 1_767_225_600_000)
    static let full = PendingAuthorization(
        redirectURI: "https://a.example/cb?x=1", scope: ["openid", "email"], state: "s", nonce: "n",
        codeChallenge: "c", loginHint: "陳", uiLocales: ["zh-Hant"], query: "a=b&c=%22",
        claims: RequestedClaims(userInformation: ["name"], idToken: []), subject: id(1), assurances: [.multiFactor])
    static let bare = PendingAuthorization(
        redirectURI: "https://a.example/cb", scope: [], state: nil, nonce: nil, codeChallenge: nil, loginHint: nil,
        uiLocales: [], query: "")

    @Test(
        "Every purpose comes back", arguments: StoreKind.allCases,
        [LoginPurpose.factorCheck, .authorization(full), .authorization(bare)])
    func purposes(kind: StoreKind, purpose: LoginPurpose) async throws {
        try await self.store(kind) { store in
            // Two of its parts follow from the purpose alone.
            let login = Login(
                state: .awaitingPassword, deadline: Self.now + Login.lifetime,
                passwordMaySuffice: purpose.passwordMaySuffice, endsOnPages: purpose.endsOnPages)
            try await store.write {
                try $0.logins.add(
                    login, id: id(1), secretHash: hash(1), application: id(1), purpose: purpose, at: Self.now)
            }
            let stored = try #require(await store.read { try $0.logins.find(id(1)) })
            #expect((stored.id, stored.secretHash, stored.application) == (id(1), hash(1), id(1)))
            #expect((stored.purpose, stored.login, stored.created) == (purpose, login, Self.now))
            #expect(try await store.write { try $0.logins.lock(id(1)) }?.login == login)
            #expect(try await store.read { try $0.logins.find(id(2)) } == nil)
        }
    }

    @Test("A state is saved only over the version that was read", arguments: StoreKind.allCases)
    func versions(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            var login = Login(at: Self.now)
            try await store.write { [login] in
                try $0.logins.add(
                    login, id: id(1), secretHash: hash(1), application: id(1), purpose: .authorization(Self.bare),
                    at: Self.now)
            }
            let stored = try #require(await store.read { try $0.logins.find(id(1)) })
            _ = try login.handle(.cancelled, at: Self.now)
            let cancelled = login
            try await store.write { try $0.logins.save(cancelled, over: stored) }
            #expect(try await store.read { try $0.logins.find(id(1)) }?.login == cancelled)
            await #expect(throws: SQLError.conflict) {
                try await store.write { try $0.logins.save(Login(at: Self.now), over: stored) }
            }
            #expect(try await store.read { try $0.logins.find(id(1)) }?.login == cancelled)
        }
    }

    @Test("A login that waits for a card comes with the card, any other does not", arguments: StoreKind.allCases)
    func withCard(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let sample = try Sample(byte: 1)
            var login = Login(of: sample.user.id, authenticators: [sample.summary], at: Self.now)
            let choosing = login
            let challenge = CardChallenge(id: id(1), digits: "123456", expires: Self.now + .seconds(180))
            _ = try login.handle(.challenged(.challenge(.card(challenge), for: sample.summary.id)), at: Self.now)
            let waiting = login
            try await store.write {
                try sample.add(to: $0)
                for (number, login) in [(UInt8(1), waiting), (2, choosing)] {
                    try $0.logins.add(
                        login, id: id(number), secretHash: hash(number), application: id(1), purpose: .factorCheck,
                        at: Self.now)
                }
            }
            let found = try #require(await store.write { try $0.logins.lockWithCard(id(1)) })
            #expect((found.login.login, found.card.summary) == (waiting, sample.summary))
            #expect(try await store.write { try $0.logins.lockWithCard(id(2)) } == nil)
        }
    }

    private func store(_ kind: StoreKind, _ body: (Store) async throws -> Void) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let application = Application(
                id: id(1), clientID: "a",
                registration: ApplicationRegistration(
                    name: "A", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: []),
                secretHash: nil)
            try await store.write { try $0.applications.add(application, at: Self.now) }
            try await body(store)
        }
    }
}
