import Flows
import Identifiers
import Identity
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("Codes, tokens and sessions")
struct AuthorizationTests {
    static let refusals = ["another application", "another address", "no verifier", "another verifier", "60 s later"]

    @Test("A code is refused where it does not belong", arguments: StoreKind.allCases, refusals)
    func refused(kind: StoreKind, what: String) async throws {
        try await World.with(kind) { world in
            let code = try await world.logIn().code
            let redeemed: IssuedTokens?
            let reason: String
            switch what {
            case "another application":
                (redeemed, reason) = (try await world.redeem(code, by: "desk"), "wrong_application")
            case "another address":
                (redeemed, reason) = (try await world.redeem(code, redirect: Firm.callback + "/"), "wrong_redirect")
            case "no verifier": (redeemed, reason) = (try await world.redeem(code, verifier: nil), "wrong_verifier")
            case "another verifier":
                let other = String(World.verifier.reversed())
                (redeemed, reason) = (try await world.redeem(code, verifier: other), "wrong_verifier")
            default:
                world.clock.advance(.seconds(60))
                (redeemed, reason) = (try await world.redeem(code), "expired")
            }
            #expect(redeemed == nil)
            #expect(try await world.audit().contains("authorization_code.redeemed failure \(reason)"))
            #expect(try await world.dump()["access_token"].isEmpty)
        }
    }

    @Test("A code lives for 60 seconds", arguments: StoreKind.allCases)
    func lifetime(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let code = try await world.logIn().code
            world.clock.advance(.seconds(60) + .milliseconds(-1))
            #expect(try await world.redeem(code) != nil)
        }
    }

    @Test("A second use gets nothing, and takes back what the first one got", arguments: StoreKind.allCases)
    func reuse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let code = try await world.logIn().code
            let token = try #require(try await world.redeem(code)).accessToken
            #expect(try await world.authorization.userInformation(token) != nil)
            #expect(try await world.redeem(code) == nil)
            #expect(try await world.authorization.userInformation(token) == nil)
            #expect(try await world.audit().contains("authorization_code.redeemed failure reused"))
        }
    }

    @Test("Of 50 redemptions at once one gets a token", arguments: StoreKind.allCases)
    func redeemOnce(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let code = try await world.logIn().code
            let tokens = try await atOnce(50) { _ in try await world.redeem(code)?.accessToken }
            #expect(tokens.count { $0 != nil } == 1)
            for case let token? in tokens {
                #expect(try await world.authorization.userInformation(token) == nil, "the others were reuse")
            }
        }
    }

    @Test("An access token ends after 5 minutes", arguments: StoreKind.allCases)
    func tokenLifetime(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let token = try #require(try await world.redeem(try await world.logIn().code)).accessToken
            world.clock.advance(.minutes(5) + .milliseconds(-1))
            #expect(try await world.authorization.userInformation(token) != nil)
            world.clock.advance(.milliseconds(1))
            #expect(try await world.authorization.userInformation(token) == nil)
        }
    }

    @Test("Logging out ends the session and its tokens, once", arguments: StoreKind.allCases)
    func logOut(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let token = try #require(try await world.redeem(finished.code)).accessToken
            for _ in 1...2 { try await world.authorization.logOut(finished.session, origin: World.origin) }
            #expect(try await world.authorization.userInformation(token) == nil)
            #expect(try await world.authorization.session(finished.session) == nil)
            #expect(try await self.code(world, finished.session) == nil)
            #expect(try await world.audit().count { $0.hasPrefix("session.ended") } == 1)
        }
    }

    @Test("A session ends after 1 hour without use", arguments: StoreKind.allCases)
    func idle(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.logIn().session
            world.clock.advance(.minutes(59))
            #expect(try await self.code(world, session) != nil, "and this is a use")
            world.clock.advance(.hours(1) + .milliseconds(-1))
            #expect(try await world.authorization.session(session) != nil)
            world.clock.advance(.milliseconds(1))
            #expect(try await world.authorization.session(session) == nil)
            #expect(try await self.code(world, session) == nil)
        }
    }

    @Test("A session ends after 24 hours whatever its use", arguments: StoreKind.allCases)
    func absolute(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.logIn().session
            for _ in 1...47 {
                world.clock.advance(.minutes(30))
                #expect(try await self.code(world, session) != nil)
            }
            world.clock.advance(.minutes(30))
            #expect(try await self.code(world, session) == nil)
        }
    }

    @Test("max_age asks for a fresh login, to the second", arguments: StoreKind.allCases)
    func maximumAge(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.logIn().session
            world.clock.advance(.seconds(100))
            #expect(try await self.code(world, session, maximumAge: 99) == nil)
            #expect(try await self.code(world, session, maximumAge: 100) != nil)
            #expect(try await self.code(world, session, maximumAge: .max) != nil)
            #expect(try await self.code(world, session, maximumAge: 0) == nil)
        }
    }

    @Test(
        "A code within a session tells when the user was authenticated, not when it was issued",
        arguments: StoreKind.allCases)
    func authenticationTime(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let at = world.clock.now()
            let session = try await world.logIn().session
            world.clock.advance(.minutes(30))
            let code = try #require(try await self.code(world, session))
            let redeemed = try #require(try await world.redeem(code))
            #expect(redeemed.authentication.at == at)
        }
    }

    @Test("A session of another user is not used where one is asked for", arguments: StoreKind.allCases)
    func otherUser(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.logIn().session
            let dave = try await world.logIn("dave", card: Firm.dave).session
            let (alice, other) = (
                try await world.authorization.session(session), try await world.authorization.session(dave)
            )
            #expect(try await self.code(world, session, user: other?.user.id) == nil)
            #expect(try await self.code(world, session, user: alice?.user.id) != nil)
        }
    }

    @Test("Who is disabled gets no token and no information", arguments: StoreKind.allCases)
    func disabledUser(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let token = try #require(try await world.redeem(finished.code)).accessToken
            try await world.execute("UPDATE app_user SET status = 'disabled'")
            #expect(try await world.authorization.userInformation(token) == nil)
            if let code = try await self.code(world, finished.session) {
                #expect(try await world.redeem(code) == nil)
            }
        }
    }

    private func code(
        _ world: World, _ session: SecretToken, user: UserID? = nil, maximumAge: Int64? = nil
    ) async throws -> IssuedCode? {
        try await world.authorization.issueCode(
            for: try await world.application("portal"), authorization: try World.pending(), session: session,
            user: user, maximumAge: maximumAge, isActivity: true, origin: World.origin)
    }
}
