import Encodings
import Flows
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Identity
import Logging
import NIOCore
import OAuth
import Outbox
import SQL
import ServerApp
import Storage
import TestSupport
import TestWorld
import Testing
import Time

/// No secret may stand in the store, a log line or an error.
@Suite("Canaries")
struct CanaryTests {
    static let password = "canary-password-Zq7!xW"
    static let pin = "73915"
    static let clientSecret = "canary-client-secret-0123456789-abcdef"
    static let card = TestCard(serial: "CS-777777", byte: 0xA7, pin: pin)

    @Test("A whole login and what goes wrong on the way leave no secret anywhere", arguments: StoreKind.allCases)
    func wholeLogin(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            let log = CapturedLog()
            let clock = TestClock()
            let configuration = try Self.configuration(place)
            try await Self.provision(configuration, clock)
            let server = try await Server(
                configuration, environment: Self.environment, logger: log.logger, clock: { clock.now() })
            var canaries = Self.planted()
            let activationCode = try await Self.opened(configuration, clock) { try await Self.issueCode($0) }
            canaries = try await Journey(
                log: log, canaries: canaries,
                sentCode: { try await Self.opened(configuration, clock) { try await Self.lastCode($0) } },
                activationCode: activationCode
            ).run(server)
            #expect(log.lines.count > 10, "nothing was logged, so nothing was searched")
            for line in log.lines { #expect(canaries.found(in: line) == [], "in the log: \(line)") }
            let metrics = server.metricsText
            #expect(metrics.contains("countersign_logins_total{"), "nothing was counted, so nothing was searched")
            for line in metrics.split(separator: "\n") { #expect(canaries.found(in: String(line)) == [], "in \(line)") }
            for (where_, bytes) in try await Dump.of(driver).cells {
                #expect(canaries.found(in: bytes) == [], "in \(where_)")
            }
            guard kind == .sqlite else { return }
            for file in try FileManager.default.contentsOfDirectory(atPath: place.folder.path) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: place.folder.file(file)))
                #expect(canaries.found(in: Array(bytes)) == [], "in the file \(file)")
            }
        }
    }

    @Test("Logs name an address by its template: what stands in a path may open something")
    func paths() async throws {
        try await TestStore.with(.sqlite) { place, driver in
            let log = CapturedLog()
            let clock = TestClock()
            let configuration = try Self.configuration(place)
            try await Self.provision(configuration, clock)
            let server = try await Server(
                configuration, environment: Self.environment, logger: log.logger, clock: { clock.now() })
            let planted = "c0ffee00c0ffee00c0ffee00c0ffee00"
            let basic = Data("portal:\(Self.clientSecret)".utf8).base64EncodedString()
            var headers: HTTPFields = [.authorization: "Basic \(basic)"]
            headers[try #require(HTTPField.Name("Countersign-Login-Secret"))] =
                SecretToken(
                    random: [UInt8](repeating: 5, count: 32)
                ).text
            let asked = headers
            try await server.application.test(.router) { client in
                let get = { (path: String) in
                    try await client.execute(uri: path, method: .get, headers: asked) { $0.status.code }
                }
                for path in [
                    "/login/\(planted)", "/login/\(planted)/finish", "/account/recovery/cancel/\(planted)-\(planted)",
                    "/account/cards/\(planted)/pin", "/account/card-tasks/\(planted)", "/\(planted)",
                    "/api/v1/factor-checks/\(planted)", "/api/v1/logins/\(planted)", "/api/v1/admin/users/\(planted)",
                    "/login/%63\(planted)", "/login/\(planted)?x=\(planted)",
                ] { _ = try await get(path) }
                // What goes wrong inside is logged with more.
                _ = try await driver.write { try $0.execute("DROP TABLE login") }
                #expect(try await get("/api/v1/factor-checks/\(planted)") == 500)
            }
            #expect(log.lines.contains { $0.contains("request failed") && $0.contains("/api/v1/factor-checks/") })
            #expect(log.lines.contains { $0.contains("/login/") }, "routes are logged")
            for line in log.lines { #expect(!line.contains("c0ffee"), "in the log: \(line)") }
        }
    }

    @Test("Nothing that is planted goes unfound")
    func control() {
        let canaries = Self.planted()
        #expect(canaries.found(in: "x \(Self.password) y") != [])
        #expect(canaries.found(in: "\(Hexadecimal.encode(Self.card.key))") != [])
        #expect(canaries.found(in: [0] + Self.card.key + [1]) != [])
        #expect(canaries.found(in: "nothing") == [])
    }

    @Test("Errors and values that hold secrets print none of them")
    func descriptions() throws {
        let canaries = Self.planted()
        let document = String(
            decoding: JSONValue.object([
                .init(
                    "cards",
                    [
                        [
                            "serial": "CS-1", "username": "a", "pin": .string(Self.pin),
                            "key": .string(Hexadecimal.encode(Self.card.key) + "x"), "suite": .string(Self.card.suite),
                        ]
                    ])
            ]).encoded(), as: UTF8.self)
        let bad = [
            document, document.replacing("CS-1", with: "C"),
            "{\"users\":[{\"username\":\"a\",\"name\":\"\",\"password\":\"\(Self.password)\"}]}",
            "{\"users\":[{\"username\":\"\(Self.password)\u{202E}\",\"name\":\"x\",\"password\":\"x\"}]}",
            "{\"\(Self.password)",
            "{\"applications\":[{\"client_id\":\"x\",\"name\":\"x\",\"client_secret\":[\"\(Self.clientSecret)\"]}]}",
        ]
        for text in bad {
            do {
                _ = try ProvisioningDocument(Array(text.utf8))
                Issue.record("taken: \(text.prefix(20))")
            } catch {
                #expect(canaries.found(in: "\(error) \(String(reflecting: error))") == [])
            }
        }
        let typed = TypedCredentials(userName: "a", password: Self.password, device: nil)
        let user = Provisions.NewUser(
            name: try UserName("alice"), displayName: "A", email: nil, password: Self.password)
        for text in [
            "\(typed)", "\(user)", "\(try Self.card.provision(for: "alice"))",
            "\(try PKCE.Verifier(parsing: Journey.verifier))",
        ] {
            #expect(canaries.found(in: text) == [], "what holds a secret may be logged by mistake")
        }
    }

    static func planted() -> Canaries {
        var canaries = Canaries()
        canaries.add("password", Self.password)
        canaries.add("PIN", digits: Self.pin)
        canaries.add("card key", bytes: Self.card.key)
        canaries.add("client secret", Self.clientSecret)
        canaries.add("PKCE verifier", Journey.verifier)
        canaries.add("master key", bytes: [UInt8](repeating: 7, count: 32))
        return canaries
    }

    static let environment = ["COUNTERSIGN_MASTER_KEY": String(repeating: "07", count: 32)]

    private static func configuration(_ place: TestStore) throws -> Configuration {
        let choice: Configuration.StoreChoice =
            place.connection.map { .postgresql(url: $0, connections: 4) } ?? .sqlite(path: place.file)
        var configuration = Configuration(
            issuer: try Issuer(parsing: "https://login.example"), firm: "Firm",
            listen: .init(host: "127.0.0.1", port: 0), store: choice, masterKeyFile: "none")
        configuration.password.cost = World.cheap
        configuration.password.answerStep = .milliseconds(1)
        configuration.limits.sending.channels = [.text]
        return configuration
    }

    /// What the store holds, opened as another process would.
    private static func opened<Value: Sendable>(
        _ configuration: Configuration, _ clock: TestClock, _ body: (FlowEnvironment) async throws -> Value
    ) async throws -> Value {
        let opened = try await OpenStore.open(configuration, environment: self.environment, clock: { clock.now() })
        let result: Result<Value, any Error>
        do { result = .success(try await body(opened.environment)) } catch { result = .failure(error) }
        await opened.driver.close()
        return try result.get()
    }

    /// The messages wait: nothing hands them over here.
    private static func lastCode(_ environment: FlowEnvironment) async throws -> String {
        let bodies = try await environment.store.read { try $0.outbox.bodies() }
        guard let code = bodies.last(where: { $0.body.code != nil })?.body.code else { throw Missing(what: "a code") }
        return code
    }

    private static func issueCode(_ environment: FlowEnvironment) async throws -> String {
        let name = try UserName("dora")
        let user = try await environment.store.read { try $0.users.find(name)?.id }
        let staff = UserID(at: environment.now(), random: [UInt8](repeating: 9, count: 10))
        let action = try StaffAction(staff: staff, name: try UserName("helen"), reason: "The user called.")
        let issued = try await StaffPasswordFlow(environment: environment).issueCode(
            .letter, for: try #require(user), by: action, origin: RequestOrigin())
        guard case .issued(let code, _) = issued else { throw Missing(what: "an activation code") }
        return code.text
    }

    private static func provision(_ configuration: Configuration, _ clock: TestClock) async throws {
        let opened = try await OpenStore.open(
            configuration, environment: self.environment, clock: { clock.now() })
        let document = JSONValue.object([
            .init(
                "users",
                [
                    ["username": "alice", "name": "Alice", "password": .string(self.password)],
                    ["username": "bob", "name": "Bob", "password": .string(self.password)],
                    ["username": "carol", "name": "Carol", "password": .string(self.password)],
                    ["username": "dora", "name": "Dora"],
                ]),
            .init("phones", [["username": "bob", "number": "+85251234567"]]),
            .init(
                "cards",
                [
                    [
                        "serial": .string(self.card.serial), "username": "alice", "pin": .string(self.pin),
                        "key": .string(Hexadecimal.encode(self.card.key)), "suite": .string(self.card.suite),
                    ]
                ]),
            .init(
                "applications",
                [
                    [
                        "client_id": "portal", "client_secret": .string(self.clientSecret), "name": "Portal",
                        "redirect_uris": ["https://portal.example/cb"],
                        "permissions": ["factor_check", "number_check", "offline_access"],
                    ]
                ]),
        ])
        let flow = ProvisioningFlow(
            environment: opened.environment,
            checker: try configuration.password.checker(random: opened.environment.random), policy: PasswordPolicy())
        try await flow.add(try ProvisioningDocument(document.encoded()).provisions, actor: "test")
        await opened.driver.close()
    }
}
