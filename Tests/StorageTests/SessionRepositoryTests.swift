import Applications
import Authenticators
import Identifiers
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Sessions, codes and tokens in the store")
struct SessionRepositoryTests {
    static let now = Instant(milliseconds: 1_767_225_600_000)
    static let session = Session(
        id: id(1), user: id(1), authentication: Authentication(at: now, methods: [.password, .pin, .multiFactor]),
        created: now, lastSeen: now)

    @Test("A session, its uses and its end", arguments: StoreKind.allCases)
    func session(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            try await store.read { store throws in
                #expect(try store.sessions.find(secretHash: hash(1)) == Self.session)
                #expect(try store.sessions.find(id(1) as SessionID) == Self.session)
                #expect(try store.sessions.find(secretHash: hash(2)) == nil)
            }
            let later = Self.now + .minutes(5)
            try await store.write { try $0.sessions.touch(id(1), at: later) }
            try await store.write { try $0.sessions.touch(id(1), at: Self.now) }
            #expect(try await store.read { try $0.sessions.find(id(1) as SessionID) }?.lastSeen == later)
            #expect(try await store.write { try $0.sessions.end(id(1), at: later) })
            #expect(try await !store.write { try $0.sessions.end(id(1), at: later + .minutes(1)) })
            try await store.write { try $0.sessions.touch(id(1), at: later + .minutes(2)) }
            let ended = try await store.read { try $0.sessions.find(id(1) as SessionID) }
            #expect((ended?.ended, ended?.lastSeen) == (later, later))
        }
    }

    @Test(
        "Codes, with and without nonce and challenge", arguments: StoreKind.allCases, [nil, "text"] as [String?])
    func codes(kind: StoreKind, optional: String?) async throws {
        try await self.store(kind) { store in
            let code = Self.code(optional)
            try await store.write { try $0.codes.add(code, hash: hash(3)) }
            #expect(try await store.read { try $0.codes.find(hash: hash(3)) } == code)
            #expect(try await store.read { try $0.codes.find(hash: hash(4)) } == nil)
        }
    }

    @Test("Of 50 uses of one code at once one is the first", arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            try await store.write { try $0.codes.add(Self.code(nil), hash: hash(3)) }
            let uses = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...50 {
                    group.addTask { try await store.write { try $0.codes.use(hash: hash(3), at: Self.now) } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(uses.count { $0 } == 1)
            #expect(uses.count == 50)
        }
    }

    @Test("Tokens, their revocation by code, and forgetting", arguments: StoreKind.allCases)
    func tokens(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let token = AccessToken(
                application: id(1), session: id(1), user: id(1), scope: ["openid", "email"],
                claims: ["name", "phone_number"], expires: Self.now + .minutes(5))
            try await store.write {
                try $0.accessTokens.add(token, hash: hash(5), code: hash(3))
                try $0.accessTokens.add(token, hash: hash(6), code: hash(4))
            }
            let found = try #require(await store.read { try $0.accessTokens.find(hash: hash(5)) })
            #expect(found == (token, Self.session))
            #expect(try await store.write { try $0.accessTokens.revoke(family: hash(3), at: Self.now) } == 1)
            #expect(try await store.write { try $0.accessTokens.revoke(family: hash(3), at: Self.now) } == 0)
            #expect(try await store.read { try $0.accessTokens.find(hash: hash(5)) } == nil)
            #expect(try await store.read { try $0.accessTokens.find(hash: hash(6)) } != nil)
            #expect(try await store.write { try $0.accessTokens.forget(before: token.expires) } == 0)
            #expect(try await store.write { try $0.accessTokens.forget(before: token.expires + .seconds(1)) } == 2)
        }
    }

    private static func code(_ optional: String?) -> AuthorizationCode {
        AuthorizationCode(
            application: id(1), session: id(1), user: id(1), authentication: Self.session.authentication,
            redirectURI: "https://a.example/cb", scope: ["openid"], nonce: optional, codeChallenge: optional,
            expires: Self.now + .seconds(60),
            claims: optional.map { RequestedClaims(userInformation: [$0], idToken: ["name", "email"]) })
    }

    private func store(_ kind: StoreKind, _ body: (Store) async throws -> Void) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let application = Application(
                id: id(1), clientID: "a",
                registration: ApplicationRegistration(
                    name: "A", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: []),
                secretHash: nil)
            let sample = try Sample(byte: 1)
            try await store.write {
                try $0.applications.add(application, at: Self.now)
                try sample.add(to: $0)
                try $0.sessions.add(Self.session, secretHash: hash(1), address: nil)
            }
            try await body(store)
        }
    }
}
