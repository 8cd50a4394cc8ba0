import Authenticators
import Flows
import Identifiers
import Identity
import Outbox
import PhoneNumbers
import SQL
import ServerApp
import Storage
import TestWorld
import Time

/// Telephone numbers of the firm's users, and what goes there.
extension Site {
    /// What the store holds, opened as another process would.
    func opened<Value: Sendable>(_ body: (Store) async throws -> Value) async throws -> Value {
        let clock = self.clock
        let opened = try await OpenStore.open(
            self.configuration, environment: Self.environment, clock: { clock.now() })
        do {
            let value = try await body(opened.environment.store)
            await opened.driver.close()
            return value
        } catch {
            await opened.driver.close()
            throw error
        }
    }

    @discardableResult
    func bindPhone(
        _ number: String = World.phone, to name: String, binding: PhoneBinding = PhoneBinding()
    ) async throws -> AuthenticatorID {
        let (now, parsed, userName) = (self.clock.now(), try PhoneNumber(stored: number), try UserName(name))
        let id = AuthenticatorID(at: now, random: RandomSource.system.bytes(10))
        return try await self.opened { store in
            try await store.write { transaction in
                guard let user = try transaction.users.find(userName) else { throw Missing(what: name) }
                try transaction.phoneNumbers.bind(
                    AuthenticatorSummary(id: id, kind: .phoneNumber, label: parsed.lastDigits), number: parsed,
                    to: user.id, as: binding, at: now)
                return id
            }
        }
    }

    func messages() async throws -> [(channel: MessageChannel, body: MessageBody)] {
        try await self.opened { store in try await store.read { try $0.outbox.bodies() } }
    }

    /// The code that went out last.
    func code() async throws -> String {
        guard let code = try await self.messages().last?.body.code else { throw Missing(what: "a code") }
        return code
    }
}
