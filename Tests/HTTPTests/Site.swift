import Encodings
import Flows
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import Logging
import NIOCore
import OAuth
import Outbox
import PasswordHashing
import SQL
import ServerApp
import Storage
import TestWorld
import Testing
import Time

/// The real server in front of the firm, without a network.
struct Site: Sendable {
    let client: any TestClientProtocol
    let clock: TestClock
    let driver: any SQLDriver
    let server: Server
    let configuration: Configuration
    static let issuer = "https://login.example"

    /// - Parameters:
    ///   - applications: registered beside the firm's.
    ///   - delivery: the section of the configuration, if there is to be one.
    ///   - change: what else is to be otherwise in the configuration.
    static func with(
        _ kind: StoreKind = .sqlite, adding applications: [Provisions.NewApplication] = [], delivery: String? = nil,
        change: (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await TestStore.with(kind) { place, driver in
            let clock = TestClock()
            var changed = try self.configuration(place, delivery: delivery)
            change(&changed)
            let configuration = changed
            try await self.provision(configuration, applications, clock)
            let server = try await Server(
                configuration, environment: self.environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                clock: { clock.now() })
            try await server.application.test(.router) { client in
                try await body(
                    Site(
                        client: client, clock: clock, driver: driver, server: server, configuration: configuration))
            }
        }
    }

    static let environment = ["COUNTERSIGN_MASTER_KEY": String(repeating: "07", count: 32)]

    static func configuration(_ place: TestStore, delivery: String? = nil) throws -> Configuration {
        let choice: Configuration.StoreChoice =
            place.connection.map { .postgresql(url: $0, connections: 4) } ?? .sqlite(path: place.file)
        var configuration = Configuration(
            issuer: try Issuer(parsing: self.issuer), firm: "Firm & Co", listen: .init(host: "127.0.0.1", port: 0),
            store: choice, masterKeyFile: "none")
        configuration.password.cost = World.cheap
        configuration.password.answerStep = .milliseconds(1)
        // As if there were providers: codes go into the outbox, and stay there.
        configuration.limits.sending.channels = [.text, .voice]
        if let delivery { try configuration.read(delivery: delivery) }
        return configuration
    }

    private static func provision(
        _ configuration: Configuration, _ applications: [Provisions.NewApplication], _ clock: TestClock
    ) async throws {
        let opened = try await OpenStore.open(
            configuration, environment: self.environment, clock: { clock.now() })
        let flow = ProvisioningFlow(
            environment: opened.environment,
            checker: try configuration.password.checker(random: opened.environment.random), policy: PasswordPolicy())
        var provisions = try Firm.provisions()
        provisions.applications += applications
        try await flow.add(provisions, actor: "test")
        await opened.driver.close()
    }

    func dump() async throws -> Dump { try await Dump.of(self.driver) }
}

extension Configuration {
    fileprivate mutating func read(delivery: String) throws {
        let rest = """
            issuer: \(Site.issuer)
            firm: {name: F}
            store: {sqlite: {path: /x}}
            secrets: {master_key_file: /y}

            """
        let read = try ConfigurationReader.read(yaml: rest + delivery, environment: [:])
        (self.delivery, self.limits.sending) = (read.delivery, read.limits.sending)
    }
}

/// An answer, read.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String

    var location: String? { self.headers[.location] }
    var json: JSONValue? { try? JSONValue(parsing: self.body.utf8) }

    /// A parameter of the address that the answer redirects to.
    func parameter(_ name: String) -> String? {
        guard let query = self.location?.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        return (try? FormURLEncoded.parse(Array(query.utf8)))?[name]
    }

    func cookie(_ name: String) -> String? {
        for header in self.headers[values: .setCookie] {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == name { return String(pair[1]) }
        }
        return nil
    }
}

extension Site {
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> Answer {
        try await self.client.execute(
            uri: path, method: method, headers: headers, body: body.isEmpty ? nil : ByteBuffer(bytes: body)
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                body: String(buffer: response.body))
        }
    }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await self.send(.get, path, headers)
    }

    func post(
        _ path: String, _ fields: [(String, String)], _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await self.send(.post, path, headers, body: Array(FormURLEncoded.encode(fields).utf8))
    }

    func api(
        _ path: String, _ body: JSONValue, _ headers: HTTPFields = Site.basic()
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await self.send(.post, "/api/v1/factor-checks\(path)", headers, body: body.encoded())
    }

    static func basic(_ id: String = "backend", _ secret: String = Firm.backendSecret) -> HTTPFields {
        [.authorization: "Basic \(Data("\(id):\(secret)".utf8).base64EncodedString())"]
    }
}
