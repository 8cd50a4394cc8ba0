internal import Audit
package import Channels
internal import Identifiers
package import Outbox
package import Storage
package import Time

/// A provider as the operator sees it.
package struct ProviderState: Hashable, Sendable {
    package let provider: DeliveryProvider
    package let isOn: Bool
}

/// What an operator asks to have sent, to see whether a way works.
package struct TestMessage: Sendable {
    package let recipient: String
    /// nil for mail.
    package let destination: MessageDestination?
    package let channel: MessageChannel
    package let language: String
    /// The only provider that may carry it; nil for whichever is the first.
    package let provider: String?

    package init(
        to recipient: String, destination: MessageDestination?, by channel: MessageChannel, language: String,
        through provider: String? = nil
    ) {
        (self.recipient, self.destination, self.channel) = (recipient, destination, channel)
        (self.language, self.provider) = (language, provider)
    }
}

package enum OutboxError: Error, Hashable, Sendable {
    case noSuchProvider
    /// No provider carries messages by this channel to there.
    case noWayThere
    /// No stopped block of numbers begins so.
    case noSuchBlock
}

/// What an operator does and sees. Whoever calls to see something has made sure that he may.
extension OutboxFlow {
    package func providers() async throws -> [ProviderState] {
        let off = try await self.environment.store.read { try $0.providerSwitches.off() }
        return self.routes.providers.map { ProviderState(provider: $0, isOn: !off.contains($0.name)) }
    }

    /// Switches a provider off or on, on every node at once: whatever is being handed over is finished, nothing more begun.
    ///
    /// - Throws: ``OutboxError/noSuchProvider``.
    package func `switch`(_ name: String, on: Bool, by action: StaffAction, origin: RequestOrigin) async throws {
        guard self.routes[name] != nil else { throw OutboxError.noSuchProvider }
        let now = self.environment.now()
        try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            guard try store.providerSwitches.off().contains(name) == on else { return }
            try store.providerSwitches.set(name, on: on, at: now)
            let note = AuditNote(on ? .providerResumed : .providerStopped, .success)
            var context = AuditContext(origin, by: action, for: nil)
            context.explanation = "\(name): \(action.reason)"
            try self.environment.record([note], context: context, in: store, at: now)
        }
    }

    /// Sends a test. Its way can be followed by ``status(of:)``.
    ///
    /// - Throws: ``OutboxError``.
    package func send(
        _ test: TestMessage, by action: StaffAction, origin: RequestOrigin
    ) async throws -> DeliveryID {
        if let name = test.provider, self.routes[name] == nil { throw OutboxError.noSuchProvider }
        let route = self.routes.route(by: test.channel, to: test.destination, through: test.provider)
        guard !route.providers.isEmpty else { throw OutboxError.noWayThere }
        let now = self.environment.now()
        let message = OutboxMessage(
            id: self.environment.id(at: now), user: nil, channel: test.channel, template: .test,
            destination: test.destination, body: MessageBody(recipient: test.recipient, language: test.language),
            through: test.provider, created: now, expires: now + Self.testLife)
        try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            try store.outbox.add(message)
            var context = AuditContext(origin, by: action, for: nil)
            context.explanation = "\(test.channel.rawValue): \(action.reason)"
            try self.environment.record([AuditNote(.messageTested, .success)], context: context, in: store, at: now)
        }
        return message.id
    }

    static let testLife = Span.minutes(5)

    package func status(of id: DeliveryID) async throws -> MessageStatus? {
        try await self.environment.store.read { try $0.outbox.status(of: id) }
    }

    /// The newest messages of all, newest first.
    package func newest(_ most: Int) async throws -> [MessageStatus] {
        try await self.environment.store.read { try $0.outbox.newest(most) }
    }

    package func statistics(since: Instant, until: Instant) async throws -> DeliverySummary {
        let statistics = try await self.environment.store.read {
            try $0.outbox.statistics(since: since, until: until)
        }
        return DeliverySummary(statistics, since: since, until: until)
    }
}
