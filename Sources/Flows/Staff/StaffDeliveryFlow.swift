package import Identifiers
package import Identity
package import Outbox
internal import Sessions
internal import Storage
package import Time

/// What the staff sees of messages and does about providers, each step after the proof that they may. What becomes of messages is
/// ``OutboxFlow``'s.
package struct StaffDeliveryFlow: Sendable {
    let staff: StaffFlow
    let outbox: OutboxFlow
    /// Countries that codes may go to; nil for all.
    let countries: Set<String>?
    let resting: @Sendable () -> Set<String>
    let waiters: LoginWaiters
    var environment: FlowEnvironment { self.staff.environment }

    /// - Parameter resting: the providers that this node asks last for a while, because they have failed of late.
    package init(
        staff: StaffFlow, outbox: OutboxFlow, countries: Set<String>?, waiters: LoginWaiters,
        resting: @escaping @Sendable () -> Set<String> = { [] }
    ) {
        (self.staff, self.outbox, self.countries) = (staff, outbox, countries)
        (self.waiters, self.resting) = (waiters, resting)
    }

    package func now() -> Instant { self.environment.now() }

    /// Somebody of the staff, before a page is shown: his session has been used by it.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``StaffError/roleMissing(_:)``, ``FlowError/notPermitted(_:_:)``.
    package func admit(_ secret: SecretToken?, for operation: StaffOperation) async throws -> AccountVisitor {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.staff.admit(secret, for: operation, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            return visitor
        }
    }

    /// - Throws: ``StaffError``, as every step here.
    package func summary(of span: DeliverySpan, by proof: StaffProof) async throws -> DeliverySummary {
        try await self.prove(proof, for: .seeDelivery)
        return try await self.outbox.statistics(since: span.since, until: span.until)
    }

    /// The providers in the order in which they are asked.
    package func providers(by proof: StaffProof) async throws -> [ProviderStanding] {
        try await self.prove(proof, for: .seeDelivery)
        let resting = self.resting()
        return try await self.outbox.providers().map {
            ProviderStanding(provider: $0.provider, isOn: $0.isOn, isResting: resting.contains($0.provider.name))
        }
    }

    /// The newest messages, newest first.
    ///
    /// - Parameter most: 1 or more.
    package func messages(_ most: Int, by proof: StaffProof) async throws -> [SentMessageView] {
        try await self.prove(proof, for: .seeDelivery)
        return try await self.outbox.newest(most).map(SentMessageView.init)
    }

    /// Switches a provider off or on, on every node.
    ///
    /// - Throws: ``OutboxError/noSuchProvider`` too.
    package func `switch`(
        _ name: String, on: Bool, reason: String, by proof: StaffProof, origin: RequestOrigin
    ) async throws {
        let action = try await self.action(.switchProvider, reason, by: proof)
        try await self.outbox.switch(name, on: on, by: action, origin: origin)
    }

    @discardableResult
    func prove(_ proof: StaffProof, for operation: StaffOperation) async throws -> User {
        let now = self.environment.now()
        return try await self.environment.store.read { try self.staff.prove(proof, for: operation, in: $0, at: now) }
    }

    func action(_ operation: StaffOperation, _ reason: String, by proof: StaffProof) async throws -> StaffAction {
        try await self.staff.action(operation, by: proof, reason: reason)
    }
}

/// A provider as the staff sees it.
package struct ProviderStanding: Hashable, Sendable {
    package let provider: DeliveryProvider
    package let isOn: Bool
    /// As far as the node that was asked knows.
    package let isResting: Bool
}

/// From when until when messages were asked for that are summed up.
package struct DeliverySpan: Hashable, Sendable {
    package let since: Instant
    package let until: Instant

    /// Messages are forgotten after 90 days.
    package static let longest = Span.days(92)

    /// nil when it ends before it begins, or is too long.
    package init?(since: Instant, until: Instant) {
        guard since < until, until - since <= Self.longest else { return nil }
        (self.since, self.until) = (since, until)
    }

    /// Up to a moment, that moment included: at most ``longest``.
    package init(last span: Span, at now: Instant) {
        (self.since, self.until) = (now - min(span, Self.longest), now + .milliseconds(1))
    }
}
