import Encodings
import Time

extension WayFaults {
    var json: JSONValue {
        [
            "answers": .string(self.answers.rawValue), "answer_delay_ms": .integer(self.answerDelay.milliseconds),
            "texts": .string(self.texts.rawValue), "delivery_delay_ms": .integer(self.deliveryDelay.milliseconds),
            "receipts": .string(self.receipts.rawValue), "receipt_delay_ms": .integer(self.receiptDelay.milliseconds),
            "rejected": .array(self.rejected.map { .string($0.text) }),
        ]
    }

    /// Takes over what is given, and leaves the rest as it is.
    mutating func merge(_ given: JSONObjectReader) throws(JSONMemberError) {
        var reader = given
        try Self.take("answers", &reader, &self.answers)
        try Self.take("texts", &reader, &self.texts)
        try Self.take("receipts", &reader, &self.receipts)
        try Self.take("answer_delay_ms", &reader, &self.answerDelay)
        try Self.take("delivery_delay_ms", &reader, &self.deliveryDelay)
        try Self.take("receipt_delay_ms", &reader, &self.receiptDelay)
        if let rejected = try reader.optionalArray("rejected", maximum: 100) {
            self.rejected = try rejected.map { value throws(JSONMemberError) in
                guard case .string(let text) = value, let number = PhoneNumber(text) else {
                    throw .unexpected("rejected", expected: "an array of numbers, each + and 7 to 15 digits")
                }
                return number
            }
        }
        try reader.finish()
    }

    private static func take<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ reader: inout JSONObjectReader, _ place: inout Word
    ) throws(JSONMemberError) where Word.RawValue == String {
        guard let text = try reader.optionalString(name, maximum: 40) else { return }
        guard let word = Word(rawValue: text) else {
            throw .unexpected(name, expected: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        place = word
    }

    private static func take(
        _ name: String, _ reader: inout JSONObjectReader, _ place: inout Span
    ) throws(JSONMemberError) {
        guard let delay = try reader.optionalInteger(name, in: 0...Self.longestDelay.milliseconds) else { return }
        place = .milliseconds(delay)
    }
}
