internal import Applications
internal import Encodings
internal import Flows
internal import Foundation
internal import Identity
internal import OAuth
internal import PrivateFiles
internal import RESTAPI
package import Storage

/// A demo firm in a folder: configuration, master key, users with cards, applications, and `demo.json`, which holds all
/// that a script needs to log in. Its secrets are drawn anew for each folder.
package struct Demo: Sendable {
    package let folder: String
    private let port: Int
    private let portalPort: Int
    private let carrier: CarrierPorts
    private let random: RandomSource

    /// Where the carrier simulator listens.
    package struct CarrierPorts: Hashable, Sendable {
        package var page = 8083
        package var smpp = 2775
        package var sip = 5070
        package var smtp = 2525
        package init() {}
    }

    /// - Parameters:
    ///   - folder: made if it is missing.
    ///   - port: the server's.
    ///   - portalPort: the Client Portal's.
    package init(
        folder: String, port: Int, portalPort: Int, carrier: CarrierPorts = CarrierPorts(),
        random: RandomSource = .system
    ) {
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        self.port = port
        self.portalPort = portalPort
        self.carrier = carrier
        self.random = random
    }

    package var configurationFile: String { "\(self.folder)/countersign.yaml" }
    package var file: String { "\(self.folder)/demo.json" }
    package var isMade: Bool { FileManager.default.fileExists(atPath: self.file) }

    /// The configuration, written once; later starts keep what the user changed in it.
    package func writeConfiguration() throws {
        try FileManager.default.createDirectory(
            atPath: "\(self.folder)/data", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard !FileManager.default.fileExists(atPath: self.configurationFile) else { return }
        let text = """
            # The demo's configuration. `countersign config` shows a template with every setting.
            issuer: http://localhost:\(self.port)
            firm:
              name: Northwind Securities
              name_zh_hant: 北風證券
            listen:
              host: 127.0.0.1
              port: \(self.port)
            store:
              sqlite:
                path: \(Self.quoted("\(self.folder)/data/countersign.sqlite"))
            secrets:
              master_key_file: \(Self.quoted("\(self.folder)/master.key"))
            # The carrier simulator, by each of its ways; the account is its own and protects nothing.
            delivery:
              sender: Northwind
              providers:
                carrier:
                  kind: smpp
                  host: 127.0.0.1
                  port: \(self.carrier.smpp)
                  plain: yes
                  system_id: countersign
                  password: carrier
                  sender: Northwind
                  price: 0.01
                gateway:
                  kind: http
                  shape: json
                  address: http://127.0.0.1:\(self.carrier.page)/gateway/messages
                  account: countersign
                  secret: carrier
                  receipt_secret: carrier-simulator-receipts
                  sender: Northwind
                  price: 0.02
                calls:
                  kind: sip
                  user: northwind
                  domain: 127.0.0.1:\(self.carrier.sip)
                  network_interface: 127.0.0.1
                  price: 0.05
                mail:
                  kind: smtp
                  host: 127.0.0.1
                  port: \(self.carrier.smtp)
                  security: none
                  from: no-reply@northwind.example

            """
        try text.write(toFile: self.configurationFile, atomically: true, encoding: .utf8)
    }

    /// What is to be provisioned, and then written to ``file``.
    func document() -> [UInt8] {
        let people: [(String, String, [Role])] = [
            ("alice", "Alice Chan", []), ("bob", "Bob Lee", []), ("wei", "陳大文", []),
            ("helen", "Helen Ho", [.helpDesk]), ("anna", "Anna Lam", [.administrator]), ("grace", "Grace Wong", []),
        ]
        let users = people.map { name, display, roles -> JSONValue in
            .object(omittingAbsent: [
                "username": .string(name), "name": .string(display), "email": .string("\(name)@example.com"),
                "password": .string(self.password()),
                "roles": roles.isEmpty ? nil : .array(roles.map { .string($0.rawValue) }),
            ])
        }
        let cards = [
            self.card("CS-100001", "alice", digits: 6), self.card("CS-100002", "bob", digits: 6),
            self.card("CS-100003", "bob", digits: 8), self.card("CS-100004", "wei", digits: 8),
            self.card("CS-100005", "helen", digits: 6), self.card("CS-100006", "anna", digits: 6),
        ]
        let document: JSONValue = [
            "issuer": .string("http://localhost:\(self.port)"), "users": .array(users), "cards": .array(cards),
            "phones": [["username": "grace", "number": "+852 5123 4567"]],
            "applications": [self.portal, Self.terminal], "client": self.integrator,
        ]
        return document.encoded()
    }

    private var draft: String { "\(self.file).new" }

    /// Whether an earlier run drew the document, and was interrupted.
    package var isDrafted: Bool { FileManager.default.fileExists(atPath: self.draft) }

    /// Forgets a document that the store knows nothing of.
    package func discard() throws { try FileManager.default.removeItem(atPath: self.draft) }

    /// The document, drawn once: it is written down before it is provisioned, so that an interrupted set-up goes on with
    /// the same secrets.
    package func draftDocument() throws -> [UInt8] {
        if let data = FileManager.default.contents(atPath: self.draft), !data.isEmpty { return Array(data) }
        let document = self.document() + [0x0A]
        try PrivateFile(self.draft).replace(with: document)
        return document
    }

    /// Puts the document in its place once all of it is in the store.
    package func finish() throws { try FileManager.default.moveItem(atPath: self.draft, toPath: self.file) }

    private func card(_ serial: String, _ owner: String, digits: Int) -> JSONValue {
        let pin = 1000 + self.random.bytes(4).reduce(0) { $0 << 8 | UInt64($1) } % 9000
        return [
            "serial": .string(serial), "username": .string(owner), "pin": .string("\(pin)"),
            "key": .string(Hexadecimal.encode(self.random.bytes(32))),
            "suite": .string("OCRA-1:HOTP-SHA256-8:QN0\(digits)-PSHA1"),
        ]
    }

    private var portal: JSONValue {
        [
            "client_id": "client-portal", "client_secret": .string(Base64URL.encode(self.random.bytes(32))),
            "name": "Client Portal", "name_zh_hant": "客戶網站", "kind": "web",
            "redirect_uris": [.string("http://127.0.0.1:\(self.portalPort)/callback")],
            "post_logout_redirect_uris": [.string("http://127.0.0.1:\(self.portalPort)/")],
        ]
    }

    /// The program `countersign` itself, so that it can log in at once.
    private static var terminal: JSONValue {
        let clientID = JSONValue.Member("client_id", .string(TerminalApplication.clientID))
        return .object([clientID] + ClientMetadata.members(of: TerminalApplication.registration, proof: .none))
    }

    /// For the integrator's own tests: native, so that any loopback port will do.
    private var integrator: JSONValue {
        [
            "client_id": "integrator", "client_secret": .string(Base64URL.encode(self.random.bytes(32))),
            "name": "Integrator’s tests", "name_zh_hant": "整合測試", "kind": "native",
            "redirect_uris": ["http://127.0.0.1/callback", "http://localhost/callback"],
            "post_logout_redirect_uris": ["http://127.0.0.1/", "http://localhost/"],
            "permissions": ["factor_check", "factor_check_text", "number_check", "offline_access"],
        ]
    }

    /// Four groups of four characters that are hard to confuse: 80 random bits.
    private func password() -> String {
        let text = Base32.encode(self.random.bytes(10)).lowercased()
        return stride(from: 0, to: 16, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
