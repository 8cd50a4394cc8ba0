package import Authenticators
package import Identifiers
internal import Identity
package import Outbox
internal import PhoneNumbers
internal import Storage
internal import Time

extension World {
    /// A number in Hong Kong that nobody has.
    package static let phone = "+85251234567"

    /// Gives a user a telephone number that was verified already.
    @discardableResult
    package func bindPhone(
        _ number: String = Self.phone, to name: String, binding: PhoneBinding = PhoneBinding()
    ) async throws -> AuthenticatorID {
        let now = self.clock.now()
        let id = AuthenticatorID(at: now, random: RandomSource.system.bytes(10))
        let (userName, parsed) = (try UserName(name), try PhoneNumber(stored: number))
        try await self.store.write { store in
            guard let user = try store.users.find(userName) else { preconditionFailure("no such user: \(name)") }
            try store.phoneNumbers.bind(
                AuthenticatorSummary(id: id, kind: .phoneNumber, label: parsed.lastDigits), number: parsed, to: user.id,
                as: binding, at: now)
        }
        return id
    }

    /// Every message that was ever put into the outbox and is not erased, in order.
    package func messages() async throws -> [(channel: MessageChannel, body: MessageBody)] {
        try await self.store.read { try $0.outbox.bodies() }
    }
}
