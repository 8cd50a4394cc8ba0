package import Authenticators
package import Identifiers
package import Sessions
package import Storage
package import Time

/// The life of security cards: order, ship, activate, PIN, block, lose and return. Each step is one transaction. Its
/// counts and challenges are the login's.
package struct CardFlow: Sendable {
    let login: LoginFlow
    let sessions: SessionLimits
    let limits: CardFlowLimits
    var environment: FlowEnvironment { self.login.environment }

    package init(login: LoginFlow, sessions: SessionLimits, limits: CardFlowLimits = CardFlowLimits()) {
        self.login = login
        self.sessions = sessions
        self.limits = limits
    }

    /// All cards that a user has or had, oldest first.
    package func cards(of user: UserID) async throws -> [CardView] {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            try store.cardLives.all(of: user).map { CardView($0, at: now) }
        }
    }

    package func card(serial: String) async throws -> CardView? {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            try store.cardLives.find(serial: serial).map { CardView($0, at: now) }
        }
    }

    /// The cards that wait to be sent, with where to, oldest order first. For the staff.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func toShip(_ most: Int = 1000) async throws -> [CardDispatch] {
        try await self.environment.store.read { try $0.cardLives.toShip(most) }
    }

    /// How many cards in stock may be given out now.
    package func stock() async throws -> Int64 {
        let now = self.environment.now()
        return try await self.environment.store.read { try $0.cardStock.count(at: now) }
    }
}

package struct CardFlowLimits: Hashable, Sendable {
    package var card = CardLimits()
    /// How fresh the proof of a second factor must be for what is sensitive.
    package var proof = Span.minutes(5)
    package init() {}
}
