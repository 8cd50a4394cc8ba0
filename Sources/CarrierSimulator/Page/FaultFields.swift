import Encodings
import Time

/// The form with the faults of one way. Every field is there once, or it is refused.
struct FaultFields: Hashable, Sendable {
    let way: Way
    let faults: WayFaults

    init?(_ form: FormFields) {
        guard form.count == 8, let way = form["way"].flatMap(Way.init(rawValue:)),
            let answers = form["answers"].flatMap(WayFaults.Answers.init(rawValue:)),
            let texts = form["texts"].flatMap(WayFaults.Fate.init(rawValue:)),
            let receipts = form["receipts"].flatMap(WayFaults.Receipts.init(rawValue:)),
            let answerDelay = Self.delay(form["answer_delay"]), let deliveryDelay = Self.delay(form["delivery_delay"]),
            let receiptDelay = Self.delay(form["receipt_delay"]), let rejected = Self.numbers(form["rejected"])
        else { return nil }
        self.way = way
        self.faults = WayFaults(
            answers: answers, answerDelay: answerDelay, texts: texts, deliveryDelay: deliveryDelay, receipts: receipts,
            receiptDelay: receiptDelay, rejected: rejected)
    }

    private static func delay(_ text: String?) -> Span? {
        text.flatMap(Span.init(inSeconds:)).flatMap { $0 <= WayFaults.longestDelay ? $0 : nil }
    }

    private static func numbers(_ text: String?) -> [PhoneNumber]? {
        guard let words = text?.split(whereSeparator: { " ,".contains($0) }), words.count <= 100 else { return nil }
        let numbers = words.compactMap { PhoneNumber($0) }
        return numbers.count == words.count ? numbers : nil
    }
}
