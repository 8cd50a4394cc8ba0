package import Channels
internal import Identifiers
internal import NIOCore
internal import SMPP
package import Time

extension SMPPChannel {
    package func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver {
        guard case .text(let text) = message.content else {
            return .refused(DeliveryFault(.rejectedContent, "not a text"))
        }
        guard let destination = SMPPAddress(e164: message.recipient) else {
            return .refused(DeliveryFault(.invalidRecipient, "not a number in E.164"))
        }
        let reference = message.id.bytes.last ?? 0
        guard let encoded = try? EncodedText(text, reference: reference, preferring: self.line.settings.alphabet.text)
        else {
            return .refused(DeliveryFault(.rejectedContent, "too long"))
        }
        let life = Life(until: message.expires, from: now, at: .now())
        guard let parameters = try? OptionalParameters(Self.parameters(message.registration)) else {
            return .refused(DeliveryFault(.rejectedContent, "no such registration"))
        }
        let parts = encoded.parts.map { self.draft($0, of: encoded, to: destination, parameters) }
        return parts.count == 1 ? await self.line.submit(parts[0], life, nil) : await self.submitAll(parts, life)
    }

    package func parts(of message: OutgoingMessage) -> Int64 {
        guard case .text(let text) = message.content else { return 1 }
        return Int64(EncodedText.count(text, preferring: self.line.settings.alphabet.text))
    }

    private static func parameters(_ registration: MessageRegistration?) -> [OptionalParameter] {
        guard let registration else { return [] }
        let entity = registration.entity.map { [OptionalParameter(.registeredEntity, Array($0.utf8))] } ?? []
        return entity + [OptionalParameter(.registeredTemplate, Array(registration.template.utf8))]
    }

    private func draft(
        _ part: [UInt8], of encoded: EncodedText, to destination: SMPPAddress, _ parameters: OptionalParameters
    ) -> ShortMessage {
        let settings = self.line.settings
        var message = ShortMessage(
            source: settings.sender, destination: destination, coding: settings.alphabet.coding(of: encoded.alphabet),
            shortMessage: part)
        message.parameters = parameters
        message.messageClass = encoded.messageClass
        message.registeredDelivery = .final
        return message
    }

    /// The first part alone, then the others: a number that nobody has, or a provider that is busy, costs one part.
    private func submitAll(_ parts: [ShortMessage], _ life: Life) async -> HandOver {
        let whole = self.line.nextWhole()
        func place(_ index: Int) -> PartPlace { PartPlace(whole: whole, number: index + 1, total: parts.count) }
        let first = await self.line.submit(parts[0], life, place(0))
        guard case .accepted = first else { return first }
        let others = await withTaskGroup(of: HandOver.self) { group in
            for index in parts.indices.dropFirst() {
                group.addTask { await self.line.submit(parts[index], life, place(index)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return others.min { $0.weight < $1.weight }.flatMap { $0.weight < first.weight ? $0 : nil } ?? first
    }
}

extension HandOver {
    /// A text of which a part is missing is not delivered, so the part that fared worst speaks for all. A retry has the
    /// same reference, and its parts take the places of those that arrived.
    fileprivate var weight: Int {
        switch self {
        case .refused: 0
        case .postponed: 1
        case .unanswered: 2
        case .accepted: 3
        }
    }
}
