package import Channels
internal import Identifiers
internal import Identity
package import Outbox
package import PhoneNumbers
internal import Storage
package import Time

/// A test as somebody of the staff asks for it.
package struct TestOrder: Sendable {
    /// A telephone number with plus sign and country code, or an address for mail.
    package let recipient: String
    package let channel: MessageChannel
    /// A BCP 47 tag.
    package let language: String
    /// The only provider that may carry it; nil for whichever comes first.
    package let provider: String?

    package init(to recipient: String, by channel: MessageChannel, language: String, through provider: String?) {
        (self.recipient, self.channel, self.language, self.provider) = (recipient, channel, language, provider)
    }
}

/// Why no test was sent. None of these repeats what was typed.
package enum TestRefusal: Error, Hashable, Sendable {
    case number(PhoneNumberError)
    case mailAddress
    case noSuchProvider
    /// The firm sends no codes to this country (ISO 3166-1 alpha-2).
    case countryNotAllowed(String)
    /// No provider, or not the one that was named, carries messages this way to there.
    case noWayThere
    /// Whoever would is switched off.
    case switchedOff
}

extension StaffDeliveryFlow {
    /// Sends a test.
    ///
    /// - Throws: ``TestRefusal``; ``StaffError`` and ``StaffActionError``, as every step here.
    package func send(
        _ order: TestOrder, reason: String, by proof: StaffProof, origin: RequestOrigin
    ) async throws -> SentMessageView {
        let action = try await self.action(.testDelivery, reason, by: proof)
        let message = try await self.message(order)
        let id = try await self.outbox.send(message, by: action, origin: origin)
        guard let sent = try await self.outbox.status(of: id) else { throw TestRefusal.noWayThere }
        return SentMessageView(sent)
    }

    private func message(_ order: TestOrder) async throws -> TestMessage {
        if let name = order.provider, self.outbox.routes[name] == nil { throw TestRefusal.noSuchProvider }
        let (recipient, destination) = try Self.recipient(order)
        if let destination, let countries = self.countries, !countries.contains(destination.region) {
            throw TestRefusal.countryNotAllowed(destination.region)
        }
        let off = Set(try await self.outbox.providers().filter { !$0.isOn }.map(\.provider.name))
        let route = self.outbox.routes.route(
            by: order.channel, to: destination, through: order.provider, off: off)
        guard !route.providers.isEmpty else { throw TestRefusal.noWayThere }
        guard !route.open.isEmpty else { throw TestRefusal.switchedOff }
        return TestMessage(
            to: recipient, destination: destination, by: order.channel, language: order.language,
            through: order.provider)
    }

    private static func recipient(_ order: TestOrder) throws -> (String, MessageDestination?) {
        if order.channel == .mail {
            guard let address = MailAddress(order.recipient) else { throw TestRefusal.mailAddress }
            return (address.text, nil)
        }
        do throws(PhoneNumberError) {
            let number = try PhoneNumber(parsing: order.recipient, in: nil)
            return (number.e164, MessageDestination(region: number.region, prefix: number.carrierPrefix()))
        } catch {
            throw TestRefusal.number(error)
        }
    }

    /// A test as it stands.
    ///
    /// - Parameters:
    ///   - version: the one that is known already: with it the answer comes as soon as there is another, or when
    ///   - wait: is over.
    /// - Returns: nil when there is no such test.
    package func test(
        _ id: DeliveryID, knowing version: Int64? = nil, wait: Span? = nil, by proof: StaffProof
    ) async throws -> SentMessageView? {
        try await self.prove(proof, for: .seeDelivery)
        let changes = self.waiters.changes(of: id)
        let found = try await self.found(id)
        guard let wait, let version, found?.version == version, found?.isFinal == false else { return found }
        await changes.next(atMost: wait)
        return try await self.found(id)
    }

    /// The same once it is final, or after so long.
    package func settledTest(_ id: DeliveryID, wait: Span, by proof: StaffProof) async throws -> SentMessageView? {
        let end = ContinuousClock.now + .milliseconds(wait.milliseconds)
        var found = try await self.test(id, by: proof)
        while let known = found, !known.isFinal {
            let left = end - ContinuousClock.now
            guard left > .milliseconds(1) else { break }
            let pause = Span.milliseconds(
                left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000)
            found = try await self.test(id, knowing: known.version, wait: pause, by: proof)
        }
        return found
    }

    private func found(_ id: DeliveryID) async throws -> SentMessageView? {
        guard let status = try await self.outbox.status(of: id), status.template == .test else { return nil }
        return SentMessageView(status)
    }
}
