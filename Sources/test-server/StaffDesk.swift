internal import Encodings
internal import Flows
internal import Identifiers
internal import Identity
internal import ServerApp
internal import Sessions
internal import Storage

/// What a test asks of the staff, in a line.
enum DeskRequest: Sendable {
    case code(user: String)
    case stock(serial: String, key: String)
    case order(user: String, pin: String)
    case ship(serial: String)

    init?(_ words: [String]) {
        switch (words.first, words.count) {
        case ("code", 2): self = .code(user: words[1])
        case ("stock", 3): self = .stock(serial: words[1], key: words[2])
        case ("order", 3): self = .order(user: words[1], pin: words[2])
        case ("ship", 2): self = .ship(serial: words[1])
        default: return nil
        }
    }
}

/// Somebody of the staff, as far as tests in a browser need one: gives out the codes that a person would get by post or
/// hear, and sends cards.
struct StaffDesk: Sendable {
    private let environment: FlowEnvironment
    private let passwords: StaffPasswordFlow
    private let cards: CardFlow

    init(_ opened: OpenStore, _ configuration: Configuration) throws {
        self.environment = opened.environment
        self.passwords = StaffPasswordFlow(environment: opened.environment)
        let checker = try configuration.password.checker(random: opened.environment.random)
        self.cards = CardFlow(
            login: LoginFlow(environment: opened.environment, checker: checker), sessions: configuration.sessions)
    }

    func answer(_ request: DeskRequest) async throws -> String {
        let action = try self.action()
        switch request {
        case .code(let name): return "code \(try await self.code(for: name, action) ?? "none")"
        case .order(let name, let pin): return "desk \(try await self.order(for: name, pin, action) ?? "none")"
        case .stock(let serial, let key):
            try await self.stock(serial, key, action)
            return "desk \(serial)"
        case .ship(let serial):
            _ = try await self.cards.ship(serial: serial, by: action, origin: RequestOrigin()).get()
            return "desk \(serial)"
        }
    }

    /// - Returns: the code for a first password, or where there is one already, that of a recovery.
    private func code(for name: String, _ action: StaffAction) async throws -> String? {
        guard let user = try await self.user(name) else { return nil }
        let first = try await self.passwords.issueCode(.letter, for: user, by: action, origin: RequestOrigin())
        if case .issued(let code, _) = first { return code.text }
        let recovery = try await self.passwords.startRecovery(for: user, by: action, origin: RequestOrigin())
        guard case .issued(let code, _) = recovery else { return nil }
        return code.text
    }

    private func stock(_ serial: String, _ key: String, _ action: StaffAction) async throws {
        let card = CardImport.Card(
            line: 1, serial: serial, suite: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1", key: try Hexadecimal.decode(key))
        _ = try await CardImportFlow(environment: self.environment).add(
            CardImport(source: "test", cards: [card]), by: action, origin: RequestOrigin())
    }

    private func order(for name: String, _ pin: String, _ action: StaffAction) async throws -> String? {
        guard let user = try await self.user(name) else { return nil }
        return try await self.cards.order(
            for: user, pin: .typed(pin), address: name, by: action, origin: RequestOrigin()
        ).get().card.serial
    }

    private func user(_ name: String) async throws -> UserID? {
        let userName = try UserName(name)
        return try await self.environment.store.read { try $0.users.find(userName)?.id }
    }

    private func action() throws -> StaffAction {
        let somebody = UserID(at: self.environment.now(), random: self.environment.random.bytes(10))
        return try StaffAction(staff: somebody, name: try UserName("test-desk"), reason: "A test asked for it.")
    }
}
