internal import Authenticators
package import Flows
package import Identifiers
internal import Identity
package import Sessions
internal import Storage
internal import Time

/// What users and staff do with cards beside logging in.
extension World {
    package static let address = "Alice Chan\n1 Queen's Road\n香港中環"

    package func staff(_ reason: String = "The user called.") throws -> StaffAction {
        let id = UserID(at: self.clock.now(), random: [UInt8](repeating: 9, count: 10))
        return try StaffAction(staff: id, name: try UserName("helen"), reason: reason)
    }

    package func userID(_ name: String) async throws -> UserID {
        guard let user = try await self.store.read({ try $0.users.find(try UserName(name)) }) else {
            throw Missing(what: "user \(name)")
        }
        return user.id
    }

    /// The session of a login with password and card, just now.
    package func session(_ name: String = "alice", card: TestCard = Firm.alice) async throws -> Session {
        guard let (session, _) = try await self.authorization.session(try await self.logIn(name, card: card).session)
        else { throw Missing(what: "a session of \(name)") }
        return session
    }

    /// A session of the password alone.
    package func passwordSession(_ name: String = "alice") async throws -> Session {
        let now = self.clock.now()
        let session = Session(
            id: SessionID(at: now, random: RandomSource.system.bytes(10)), user: try await self.userID(name),
            authentication: Authentication(at: now, methods: [.password]), created: now, lastSeen: now)
        let secret = RandomSource.system.bytes(32)
        try await self.store.write { try $0.sessions.add(session, secretHash: secret, address: nil) }
        return session
    }

    package func addStock(_ cards: [TestCard]) async throws {
        let batch = CardImport(source: "test", cards: cards.enumerated().map { $1.imported(line: $0 + 1) })
        _ = try await CardImportFlow(environment: self.environment).add(
            batch, by: try self.staff(), origin: Self.origin)
    }

    package func order(
        pin: String = "4821", again: String? = nil, address: String = World.address, by session: Session
    ) async throws -> CardAnswer {
        let order = CardOrder(pin: pin, repeatedPIN: again ?? pin, address: address)
        return try await self.cards.order(order, by: session, origin: Self.origin)
    }

    /// A card that was ordered with a second factor, and shipped.
    package func shipped(_ card: TestCard, to session: Session) async throws -> AuthenticatorID {
        try await self.addStock([card])
        let ordered = try await self.order(pin: card.pin, by: session).get()
        _ = try await self.cards.ship(serial: card.serial, by: try self.staff(), origin: Self.origin).get()
        return ordered.card.id
    }

    package func activate(
        _ card: AuthenticatorID, _ device: TestCard, by session: Session
    ) async throws -> CardStep {
        let waiting = try await self.cards.startActivation(of: card, by: session, origin: Self.origin).task()
        return try await self.cards.activate(
            waiting.id, with: try device.response(to: waiting.digits), by: session, origin: Self.origin)
    }
}

extension CardStep {
    /// The task that waits, with its challenge.
    package func task() throws -> (id: CardTaskID, digits: String, notice: CardTaskNotice?) {
        guard case .waiting(let view) = self, let challenge = view.task.challenge else {
            throw Missing(what: "a challenge: \(self)")
        }
        return (view.id, challenge.digits, view.notice)
    }

    package func done() throws -> CardView {
        guard case .done(let view) = self else { throw Missing(what: "the end of a task: \(self)") }
        return view
    }

    package var refusal: CardRefusal? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }
}

extension Result where Failure == CardRefusal {
    package var refusal: CardRefusal? {
        guard case .failure(let refusal) = self else { return nil }
        return refusal
    }
}
