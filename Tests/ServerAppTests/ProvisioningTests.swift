import Applications
import Encodings
import Flows
import Foundation
import Identity
import OAuth
import Outbox
import PhoneNumbers
import ServerApp
import Storage
import TestSupport
import TestWorld
import Testing
import Time

@Suite("Provisioning documents")
struct ProvisioningTests {
    static let user: [JSONValue.Member] = [
        .init("username", "alice"), .init("name", "Alice"), .init("password", "correct battery staple"),
    ]
    static let card: [JSONValue.Member] = [
        .init("serial", "CS-1000"), .init("username", "alice"), .init("pin", "1234"),
        .init("key", .string(String(repeating: "0a", count: 32))), .init("suite", "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"),
    ]
    static let application: [JSONValue.Member] = [
        .init("client_id", "portal"), .init("name", "Portal"), .init("redirect_uris", ["https://portal.example/cb"]),
        .init("client_secret", .string(String(repeating: "s", count: 32))),
    ]

    /// A member of a good element, and a value that it cannot have; nil leaves it out.
    static let bad: [(list: String, member: String, value: JSONValue?)] = [
        ("users", "username", nil), ("users", "username", ""), ("users", "username", "a\u{202E}b"),
        ("users", "username", 1), ("users", "name", nil), ("users", "name", ""), ("users", "password", 1),
        ("users", "email", .null),
        ("users", "phone_number", "85221234567"), ("users", "phone_number", "+0123456789"),
        ("users", "phone_number", "+852 2123"), ("users", "phone_number", "+123456"), ("users", "postal_address", ""),
        ("users", "phone_number", "+1234567890123456"), ("users", "role", "admin"), ("cards", "serial", "CS"),
        ("cards", "serial", nil),
        ("cards", "pin", "123"), ("cards", "pin", "123456789"), ("cards", "pin", "12a4"), ("cards", "pin", "１２３４"),
        ("cards", "pin", 1234), ("cards", "key", "0a"), ("cards", "key", .string(String(repeating: "0g", count: 32))),
        ("cards", "suite", "OCRA-1:HOTP-SHA1-6:QN08"), ("cards", "suite", ""), ("cards", "colour", "red"),
        ("applications", "client_id", ""), ("applications", "client_secret", "short"),
        ("applications", "kind", "desktop"), ("applications", "permissions", ["everything"]),
        ("applications", "permissions", "factor_check"), ("applications", "redirect_uris", ["http://portal.example/"]),
        ("applications", "redirect_uris", ["https://portal.example/#x"]), ("applications", "redirect_uris", [1]),
        ("applications", "token_endpoint_auth_method", "client_secret_jwt"),
        ("applications", "token_endpoint_auth_method", "none"),
        ("applications", "token_endpoint_auth_method", "private_key_jwt"),
        ("applications", "id_token_signed_response_alg", "HS256"),
        ("applications", "id_token_signed_response_alg", "none"),
        ("applications", "backchannel_logout_uri", "http://portal.example/out"),
        ("applications", "backchannel_logout_uri", "https://portal.example/out#x"),
        ("applications", "backchannel_logout_uri", "com.example.app:/out"),
        ("applications", "jwks", ["keys": [Self.key()]]), ("applications", "jwks", []),
        ("applications", "redirect_uris", ["*"]), ("applications", "post_logout_redirect_uris", ["x"]),
    ]

    static func key(_ changes: [String: JSONValue?] = [:]) -> JSONValue {
        let usual: [String: JSONValue?] = [
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        ]
        return .object(usual.merging(changes) { $1 }.compactMap { name, value in value.map { .init(name, $0) } })
    }

    private func keys(_ keys: JSONValue) throws -> ProvisioningDocument {
        let members =
            Self.application.filter { $0.name != "client_secret" } + [
                .init("token_endpoint_auth_method", "private_key_jwt"), .init("jwks", keys),
            ]
        return try ProvisioningDocument(JSONValue.object([.init("applications", [.object(members)])]).encoded())
    }

    @Test("Public keys of an application (RFC 8037 appendix A.2)")
    func publicKeys() throws {
        let set: JSONValue = ["keys": [Self.key(), Self.key(["kid": "2", "use": "sig"])]]
        let registration = try #require(try self.keys(set).provisions.applications.first?.registration)
        #expect(registration.authentication == .privateKey && registration.keys == set)
    }

    static let badKeys: [[String: JSONValue?]] = [
        ["alg": nil], ["alg": "ES256"], ["alg": "HS256"], ["alg": "none"], ["alg": "ES512"], ["kty": nil],
        ["kty": "EC"], ["crv": "Ed448"], ["x": nil], ["x": "AA"], ["x": "+"], ["use": "enc"], ["kid": 1],
        ["d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"],
        ["alg": "RS256", "kty": "RSA", "n": .string(String(repeating: "a", count: 171)), "e": "AQAB"],
    ]

    @Test("Keys that cannot be registered", arguments: badKeys)
    func badKey(changes: [String: JSONValue?]) {
        #expect(throws: ProvisioningDocumentError.self) { try self.keys(["keys": [Self.key(changes)]]) }
    }

    @Test("Sets of keys that cannot be registered")
    func badSets() {
        let twins: JSONValue = ["keys": [Self.key(["kid": "1"]), Self.key(["kid": "1"])]]
        for set in [twins, ["keys": []], [:], ["keys": [1]], ["keys": .array(.init(repeating: Self.key(), count: 21))]]
        {
            #expect(throws: ProvisioningDocumentError.self) { try self.keys(set) }
        }
    }

    @Test("Refusals name the place", arguments: bad.indices)
    func refused(index: Int) throws {
        let (list, member, value) = Self.bad[index]
        let good = list == "users" ? Self.user : list == "cards" ? Self.card : Self.application
        let changed = good.filter { $0.name != member } + (value.map { [.init(member, $0)] } ?? [])
        let document = JSONValue.object([.init(list, .array([.object(good), .object(changed)]))])
        let error = try #require(throws: ProvisioningDocumentError.self) {
            _ = try ProvisioningDocument(document.encoded())
        }
        #expect(error.place == "\(list)[1]", "\(member)")
    }

    @Test(
        "What is no document",
        arguments: ["", "[]", "{\"users\":{}}", "{\"user\":[]}", "{\"users\":[1]}", "{\"users\":[],\"users\":[]}"])
    func noDocument(text: String) {
        #expect(throws: ProvisioningDocumentError.self) { _ = try ProvisioningDocument(Array(text.utf8)) }
    }

    @Test("The same file twice: the second adds nothing, and says why", arguments: StoreKind.allCases)
    func twice(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let before = try await world.dump()
            await #expect(throws: ProvisioningError.userExists("alice")) {
                try await world.provision(try Firm.provisions())
            }
            var cards = Provisions()
            cards.cards = [try Firm.alice.provision(for: "bob")]
            await #expect(throws: ProvisioningError.cardExists(serial: Firm.alice.serial)) {
                try await world.provision(cards)
            }
            var applications = Provisions()
            applications.applications = try Firm.provisions().applications.suffix(1)
            await #expect(throws: ProvisioningError.applicationExists("backend-2")) {
                try await world.provision(applications)
            }
            #expect(try await world.dump() == before)
        }
    }

    @Test("All or nothing", arguments: StoreKind.allCases)
    func allOrNothing(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let before = try await world.dump()
            var provisions = Provisions()
            provisions.users = [
                .init(name: try UserName("erin"), displayName: "Erin", email: nil, password: Firm.password)
            ]
            provisions.cards = [try TestCard(serial: "CS-9", byte: 9).provision(for: "nobody")]
            await #expect(throws: ProvisioningError.noSuchOwner(serial: "CS-9", user: "nobody")) {
                try await world.provision(provisions)
            }
            provisions.cards = []
            provisions.users.append(
                .init(name: try UserName("ERIN"), displayName: "Erin", email: nil, password: Firm.password))
            await #expect(throws: ProvisioningError.userExists("erin")) { try await world.provision(provisions) }
            provisions.users[1] = .init(name: try UserName("eve"), displayName: "Eve", email: nil, password: "12345678")
            await #expect(throws: ProvisioningError.weakPassword(user: "eve", .tooCommon)) {
                try await world.provision(provisions)
            }
            #expect(try await world.dump() == before)
        }
    }

    @Test("The demo's own file is one, and its logins work")
    func demo() async throws {
        let place = try Place()
        let demo = Demo(folder: place.folder.file("demo"), port: 8080, portalPort: 8081)
        #expect(!demo.isMade)
        try demo.writeConfiguration()
        let bytes = try demo.draftDocument()
        let document = try ProvisioningDocument(bytes)
        #expect(document.provisions.users.count == 6 && document.provisions.cards.count == 6)
        #expect(document.provisions.users.map(\.roles) == [[], [], [], [.helpDesk], [.administrator], []])
        #expect(document.provisions.phones.map(\.number.e164) == ["+85251234567"])
        let terminal = try #require(
            document.provisions.applications.first { $0.clientID == TerminalApplication.clientID })
        #expect(terminal.registration == TerminalApplication.registration && terminal.secretHash == nil)
        let text = try String(contentsOfFile: demo.configurationFile, encoding: .utf8)
        var configuration = try ConfigurationReader.read(yaml: text, environment: [:])
        #expect(configuration.delivery.providers.map(\.plan.name) == ["carrier", "gateway", "calls", "mail"])
        #expect(configuration.limits.sending.channels == [.text, .voice])
        configuration.password.cost = World.cheap
        try await Provisioner(configuration: configuration).add(document, actor: "test")
        await #expect(throws: ProvisioningError.userExists("alice")) {
            try await Provisioner(configuration: configuration).add(document, actor: "test")
        }
        // Interrupted here, the set-up goes on with the same secrets.
        let again = try Demo(folder: place.folder.file("demo"), port: 8080, portalPort: 8081).draftDocument()
        #expect(again == bytes && !demo.isMade)
        try demo.finish()
        #expect(demo.isMade)
    }
}
