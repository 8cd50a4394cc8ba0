import Authenticators
import Flows
import Identifiers
import Identity
import SQL
import ServerApp
import Sessions
import Storage
import TestWorld
import Time

/// What the staff does about cards, beside the server.
extension Site {
    func desk<Value: Sendable>(
        _ body: (CardFlow, StaffAction, FlowEnvironment) async throws -> Value
    ) async throws -> Value {
        let opened = try await OpenStore.open(
            self.configuration, environment: Self.environment, clock: { self.clock.now() })
        let environment = opened.environment
        let checker = try self.configuration.password.checker(random: environment.random)
        let cards = CardFlow(login: LoginFlow(environment: environment, checker: checker), sessions: SessionLimits())
        let action = try StaffAction(
            staff: UserID(at: self.clock.now(), random: [UInt8](repeating: 9, count: 10)), name: try UserName("helen"),
            reason: "The user called.")
        let value: Value
        do {
            value = try await body(cards, action, environment)
        } catch {
            await opened.driver.close()
            throw error
        }
        await opened.driver.close()
        return value
    }

    func addStock(_ card: TestCard, pin: String? = nil, end: Instant? = nil) async throws {
        try await self.desk { _, action, environment in
            let batch = CardImport(source: "test", cards: [card.imported(pin: pin, end: end)])
            _ = try await CardImportFlow(environment: environment).add(batch, by: action, origin: RequestOrigin())
        }
    }

    func ship(_ card: TestCard) async throws {
        _ = try await self.desk { cards, action, _ in
            try await cards.ship(serial: card.serial, by: action, origin: RequestOrigin()).get()
        }
    }

    func user(_ name: String) async throws -> UserID {
        let userName = try UserName(name)
        let found = try await self.desk { _, _, environment in
            try await environment.store.read { try $0.users.find(userName)?.id }
        }
        guard let found else { throw Missing(what: name) }
        return found
    }

    /// A card that the staff ordered and sent, with a PIN that the staff knows.
    func send(_ card: TestCard, to name: String) async throws -> AuthenticatorID {
        try await self.addStock(card)
        let user = try await self.user(name)
        let ordered = try await self.desk { cards, action, _ in
            try await cards.order(
                for: user, pin: .typed(card.pin), address: World.address, by: action, origin: RequestOrigin()
            ).get().card.card.id
        }
        try await self.ship(card)
        return ordered
    }

    /// The state of each of a user's cards.
    func states(_ name: String) async throws -> [String] {
        let user = try await self.user(name)
        return try await self.desk { cards, _, _ in try await cards.cards(of: user).map(\.state.name) }
    }
}
