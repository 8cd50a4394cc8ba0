internal import Encodings
internal import Time

/// What the service answered: `{"swapped_at": "2026-01-31T09:30:00Z"}`, or null where the SIM card was never changed.
struct SIMSwapAnswer: Hashable {
    /// nil: never, as far as the service knows.
    let swapped: Instant?

    /// Members that are not known are passed over; without `swapped_at` it is no answer.
    init(status: Int, body: [UInt8]) throws(SIMSwapFlaw) {
        guard status == 200 else { throw .status(status) }
        guard let json = try? JSONValue(parsing: body) else { throw .malformed }
        switch json["swapped_at"] {
        case .null?: self.swapped = nil
        case .string(let text)?:
            guard let time = Instant(rfc3339: text) else { throw .malformed }
            self.swapped = time
        case nil, .bool, .integer, .double, .array, .object: throw .malformed
        }
    }

    /// A time to come is a clock that is wrong: the card is taken for new.
    func refuses(within span: Span, at now: Instant) -> Bool { self.swapped.map { now < $0 + span } ?? false }
}

/// Why there was no answer.
enum SIMSwapFlaw: Error, Hashable, CustomStringConvertible {
    case status(Int)
    case malformed, tooLong, noConnection, tooLate

    var description: String {
        switch self {
        case .status(let status): "status \(status)"
        case .malformed: "an answer that cannot be read"
        case .tooLong: "an answer that is too long"
        case .noConnection: "no connection"
        case .tooLate: "no answer in time"
        }
    }
}
