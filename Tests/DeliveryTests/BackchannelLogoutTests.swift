import Applications
import AsyncHTTPClient
import Delivery
import Encodings
import Flows
import HTTPTypes
import Identifiers
import Logging
import OAuth
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time
import TokenSigning

@Suite("Back-channel logout")
struct BackchannelLogoutTests {
    /// A firm with an application that listens, a worker, and a login that gave that application a code.
    private struct Scene {
        let world: World
        let listener: Listener
        let signer: TokenSigner
        let worker: BackchannelLogout
        let session: SecretToken
        let sessionID: SessionID

        func end() async throws { try await self.world.authorization.logOut(self.session, origin: World.origin) }
        func waiting() async throws -> Int { try await self.world.dump()["logout_notice"].count }

        func claims(_ number: Int = 0) throws -> JSONValue? {
            self.signer.read(self.listener.tokens[number], type: "logout+jwt")
        }
    }

    private static func with(
        _ kind: StoreKind, address: String? = nil, algorithm: SigningAlgorithm = .es256,
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        try await Listener.with { listener, own in
            try await World.with(kind) { world in
                var provisions = Provisions()
                provisions.applications = [Self.application(address ?? own, algorithm)]
                try await world.provision(provisions)
                let signer = try TokenSigner(
                    SigningAlgorithm.allCases.map { try TokenSigner.makeKey($0, id: $0.rawValue) })
                let session = try await world.logIn().session
                for clientID in ["listening", "listening", "portal"] {
                    _ = try await world.authorization.issueCode(
                        for: try await world.application(clientID), authorization: try World.pending(),
                        session: session, user: nil, maximumAge: nil, isActivity: true, origin: World.origin)
                }
                let id = try #require(try await world.authorization.session(session)).session.id
                let client = BackchannelLogout.makeClient()
                do {
                    let worker = try Self.worker(world, signer, client)
                    try await body(
                        Scene(
                            world: world, listener: listener, signer: signer, worker: worker, session: session,
                            sessionID: id))
                } catch {
                    try await client.shutdown()
                    throw error
                }
                try await client.shutdown()
            }
        }
    }

    private static func worker(
        _ world: World, _ signer: TokenSigner, _ client: HTTPClient
    ) throws -> BackchannelLogout {
        let environment = world.environment
        return BackchannelLogout(
            flow: LogoutNoticeFlow(environment: environment), signer: signer,
            issuer: try Issuer(parsing: "https://login.example"), client: client,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            newID: { Identifier(at: environment.now(), random: environment.random.bytes(10)) })
    }

    private static func application(
        _ address: String, _ algorithm: SigningAlgorithm
    ) -> Provisions.NewApplication {
        Provisions.NewApplication(
            clientID: "listening", secretHash: nil,
            registration: ApplicationRegistration(
                name: "listening", kind: .web, redirectURIs: [Firm.callback], postLogoutRedirectURIs: [],
                permissions: [], idTokenAlgorithm: algorithm, backchannelLogoutURI: address))
    }

    @Test(
        "An application hears of the end of a session once, and only one that listens", arguments: StoreKind.allCases,
        SigningAlgorithm.allCases)
    func told(kind: StoreKind, algorithm: SigningAlgorithm) async throws {
        try await Self.with(kind, algorithm: algorithm) { scene in
            #expect(try await scene.worker.work() == 0, "the session is open")
            try await scene.end()
            #expect(try await scene.waiting() == 1)
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.worker.work() == 0)
            #expect(scene.listener.tokens.count == 1)
            let (claims, now) = (try #require(try scene.claims()), scene.world.clock.now().seconds)
            #expect(claims["iss"] == "https://login.example" && claims["aud"] == "listening")
            #expect(claims["sid"] == .string(scene.sessionID.text) && claims["sub"] != nil && claims["jti"] != nil)
            #expect(claims["iat"] == .integer(now) && claims["exp"] == .integer(now + 120))
            #expect(claims["events"] == ["http://schemas.openid.net/event/backchannel-logout": [:]])
            #expect(claims["nonce"] == nil)
            #expect(scene.signer.read(scene.listener.tokens[0], type: "JWT") == nil, "no ID token")
            #expect(try await scene.waiting() == 0)
            #expect(try await scene.world.audit().contains("logout.notified success"))
        }
    }

    static let ends = ["logout", "1 h without use", "24 h", "user disabled", "replaced"]

    @Test("However the session ended", arguments: StoreKind.allCases, ends)
    func anyEnd(kind: StoreKind, how: String) async throws {
        try await Self.with(kind) { scene in
            let world = scene.world
            switch how {
            case "logout": try await scene.end()
            case "1 h without use": world.clock.advance(.hours(1))
            case "24 h": world.clock.advance(.hours(24))
            case "user disabled": try await world.execute("UPDATE app_user SET status = 'disabled'")
            default:
                let (ticket, challenge) = try await world.challenged()
                _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
                _ = try await world.login.finish(
                    ticket, device: nil, replacing: scene.session, origin: World.origin)
            }
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await scene.worker.work() == 1)
            #expect(try scene.claims()?["sid"] == .string(scene.sessionID.text))
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await scene.worker.work() == 0, "a session ends once")
        }
    }

    @Test("Tried again with longer and longer pauses, then given up", arguments: StoreKind.allCases)
    func retries(kind: StoreKind) async throws {
        try await Self.with(kind) { scene in
            let bad = HTTPResponse.Status.internalServerError
            scene.listener.answer(bad, .badRequest, .seeOther, .accepted, bad, bad, bad, bad)
            try await scene.end()
            for pause in [0, 5, 20, 80, 320, 900, 900, 900] as [Int64] {
                if pause > 0 {
                    scene.world.clock.advance(.milliseconds(pause * 1000 - 1))
                    #expect(try await scene.worker.work() == 0, "\(pause) s have not passed")
                    scene.world.clock.advance(.milliseconds(1))
                }
                #expect(try await scene.worker.work() == 1)
            }
            #expect(scene.listener.tokens.count == 8)
            #expect(try await scene.waiting() == 0)
            #expect(try await scene.world.audit().contains("logout.notified failure undelivered"))
            #expect(try scene.claims(0)?["jti"] != (try scene.claims(1)?["jti"]), "each try has a token of its own")
        }
    }

    @Test("Taken at the second try", arguments: StoreKind.allCases)
    func secondTry(kind: StoreKind) async throws {
        try await Self.with(kind) { scene in
            scene.listener.answer(.serviceUnavailable, .noContent)
            try await scene.end()
            #expect(try await scene.worker.work() == 1)
            scene.world.clock.advance(.seconds(5))
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.waiting() == 0)
            #expect(try await scene.world.audit().contains("logout.notified success"))
        }
    }

    @Test("Nobody listens there: as a refusal", arguments: StoreKind.allCases)
    func unreachable(kind: StoreKind) async throws {
        try await Self.with(kind, address: "http://127.0.0.1:1/logout") { scene in
            try await scene.end()
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.waiting() == 1)
            #expect(scene.listener.tokens.isEmpty)
        }
    }

    @Test("A worker that was killed loses nothing, and its late word counts for nothing", arguments: StoreKind.allCases)
    func killed(kind: StoreKind) async throws {
        try await Self.with(kind) { scene in
            try await scene.end()
            let flow = LogoutNoticeFlow(environment: scene.world.environment)
            let dead = flow.newWorker()
            let claimed = try #require(try await flow.claim(most: 10, for: dead).first)
            #expect(try await scene.worker.work() == 0, "it is the other's")
            scene.world.clock.advance(.seconds(60))
            let other = flow.newWorker()
            #expect(try await flow.claim(most: 10, for: other).count == 1)
            try await flow.delivered(claimed, by: dead)
            #expect(try await scene.waiting() == 1, "it was no longer the dead one's to say")
            scene.world.clock.advance(.seconds(60))
            #expect(try await scene.worker.work() == 1)
            #expect(try await scene.waiting() == 0 && scene.listener.tokens.count == 1)
        }
    }

    @Test("Of many workers at once one gets it", arguments: StoreKind.allCases)
    func workers(kind: StoreKind) async throws {
        try await Self.with(kind) { scene in
            try await scene.end()
            let flow = LogoutNoticeFlow(environment: scene.world.environment)
            let claims = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...10 {
                    group.addTask { try await flow.claim(most: 10, for: flow.newWorker()).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(claims == 1)
        }
    }

    @Test("An application that listens no more is not called", arguments: StoreKind.allCases)
    func withdrawn(kind: StoreKind) async throws {
        try await Self.with(kind) { scene in
            try await scene.end()
            try await scene.world.execute(
                "UPDATE application SET registration = REPLACE(registration, '\"backchannelLogoutURI\"', '\"former\"')")
            #expect(try await scene.worker.work() == 0)
            #expect(try await scene.waiting() == 0 && scene.listener.tokens.isEmpty)
        }
    }
}
