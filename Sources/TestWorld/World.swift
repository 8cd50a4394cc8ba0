package import Applications
package import Flows
internal import Identity
package import PasswordHashing
package import SQL
internal import Sessions
package import Storage
internal import Time

/// One node of the firm's login system, wired as the server wires it, with a cheap password cost and without pauses.
package struct World: Sendable {
    package let clock: TestClock
    package let place: TestStore
    package let store: Store
    package let environment: FlowEnvironment
    package let checker: PasswordChecker
    package let login: LoginFlow
    package let factorCheck: FactorCheckFlow
    package let authorization: AuthorizationFlow
    package let cards: CardFlow
    package let account: AccountFlow

    package static let cheap = PasswordCost(memory: 8, passes: 1)

    package init(
        _ place: TestStore, _ store: Store, clock: TestClock, cost: PasswordCost = World.cheap,
        queue: PasswordQueue = PasswordQueue(width: 2, capacity: 4096, capacityPerSource: 4096),
        limits: LoginLimits = LoginLimits(), notices: NoticePlan = NoticePlan(),
        pace: AnswerPace = AnswerPace(step: .milliseconds(1)) { _ in }
    ) throws {
        self.clock = clock
        self.place = place
        self.store = store
        var notices = notices
        notices.limits = limits.sending
        self.environment = FlowEnvironment(
            store: store, clock: { clock.now() }, random: .ordered, notices: notices)
        self.checker = try PasswordChecker(
            queue: queue, cost: cost, pace: pace, random: .system)
        self.login = LoginFlow(environment: self.environment, checker: self.checker, limits: limits)
        self.factorCheck = FactorCheckFlow(login: self.login)
        self.authorization = AuthorizationFlow(environment: self.environment, sessions: SessionLimits())
        self.cards = CardFlow(login: self.login, sessions: SessionLimits())
        self.account = AccountFlow(login: self.login, policy: PasswordPolicy(), sessions: SessionLimits())
    }

    /// A firm on a new database.
    ///
    /// - Parameters:
    ///   - notices: how users are told of changes, beside their accounts' pages.
    ///   - wrap: puts the test's own driver around the real one.
    package static func with<Value>(
        _ kind: StoreKind, limits: LoginLimits = LoginLimits(), notices: NoticePlan = NoticePlan(),
        wrap: (any SQLDriver) -> any SQLDriver = { $0 }, _ body: (World) async throws -> Value
    ) async throws -> Value {
        try await TestStore.with(kind) { place, driver in
            let clock = TestClock()
            let store = try await Store.open(wrap(driver), clock: clock)
            let world = try World(place, store, clock: clock, limits: limits, notices: notices)
            try await world.provision(try Firm.provisions())
            return try await body(world)
        }
    }

    /// Another node on the same database; the caller closes its driver.
    package func node(_ driver: any SQLDriver, cost: PasswordCost = World.cheap) async throws -> World {
        try World(self.place, try await Store.open(driver, clock: self.clock), clock: self.clock, cost: cost)
    }

    package func provision(_ provisions: Provisions) async throws {
        let flow = ProvisioningFlow(environment: self.environment, checker: self.checker, policy: PasswordPolicy())
        try await flow.add(provisions, actor: "test")
    }

    package func application(_ clientID: String) async throws -> Application {
        guard let application = try await self.authorization.application(clientID: clientID) else {
            throw Missing(what: "application \(clientID)")
        }
        return application
    }

    /// Takes a user's right to log in, or a card's, as a support tool would.
    package func execute(_ statement: SQLStatement) async throws {
        _ = try await self.store.driver.write { try $0.execute(statement) }
    }
}

/// The test's own picture of the firm was wrong.
package struct Missing: Error {
    package let what: String

    package init(what: String) { self.what = what }
}

extension World {
    package var driver: any SQLDriver { self.store.driver }
    package func dump() async throws -> Dump { try await Dump.of(self.store.driver) }
}
