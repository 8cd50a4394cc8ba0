import Encodings
import SMPP
import Time

/// What a sender posts.
struct GatewayRequest: Hashable, Sendable {
    let submission: Submission

    enum Refusal: Error, Hashable, Sendable {
        case malformed(String)
        case invalidRecipient
    }

    init(_ value: JSONValue, at now: Instant) throws(Refusal) {
        do {
            var reader = try JSONObjectReader(value)
            let to = try reader.string("to", maximum: 40)
            let from = try reader.string("from", minimum: 1, maximum: 40)
            let text = try Self.text(reader.optionalValue("text"))
            let reference = try reader.optionalString("id", minimum: 1, maximum: 64)
            let callback = try reader.optionalString("callback", maximum: 1_000)
            let validity = try reader.optionalInteger("validity_seconds", in: 1...259_200)
            try reader.finish()
            guard let number = PhoneNumber(to) else { throw Refusal.invalidRecipient }
            self.submission = Submission(
                way: .http, reference: reference, to: number, from: from, text: text, parts: EncodedText.count(text),
                expires: validity.map { now + .seconds($0) }, receipts: try Self.address(callback))
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// A text may have lines.
    private static func text(_ value: JSONValue?) throws(Refusal) -> String {
        guard case .string(let text)? = value, (1...1_600).contains(text.unicodeScalars.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\r" })
        else { throw .malformed("text is not a string of 1 to 1600 characters") }
        return text
    }

    private static func address(_ callback: String?) throws(Refusal) -> ReceiptAddress {
        guard let callback else { return .nowhere }
        guard let address = CallbackAddress(callback) else {
            throw .malformed("callback is not http://127.0.0.1…, http://localhost… or http://[::1]…")
        }
        return .callback(address.text)
    }
}
