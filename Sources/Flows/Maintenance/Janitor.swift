internal import Storage
internal import Time

/// Forgets what has ended and can matter no more. The audit trail keeps what happened.
package struct Janitor: Sendable {
    private let environment: FlowEnvironment

    package init(environment: FlowEnvironment) { self.environment = environment }

    /// How long each thing stays after its end.
    static let logins = Span.hours(1)
    static let codesAndTokens = Span.hours(24)
    static let sources = Span.hours(48)
    /// Names with a few tries, mostly of people who mistyped them; a lock lasts 24 hours after the last try.
    static let names = Span.days(30)
    /// Names with more tries than that, and known browsers.
    static let devices = Span.days(400)

    /// - Returns: how many rows were removed.
    package func clean() async throws -> Int {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try store.logins.forget(before: now - Self.logins)
                + store.recoveries.forget(before: now - Self.logins)
                + store.nameThrottles.forget(before: now - Self.names, addedUpBefore: now - Self.devices)
                + store.accessTokens.forget(before: now - Self.codesAndTokens)
                + store.codes.forget(before: now - Self.codesAndTokens)
                + store.sources.forget(before: now - Self.sources)
                + store.passwordThrottles.forget(before: now - Self.names, devicesBefore: now - Self.devices)
        }
    }
}
