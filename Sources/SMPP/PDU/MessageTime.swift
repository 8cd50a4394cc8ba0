package import Time

/// A point in time as the protocol writes it (section 7.1.1): `YYMMDDhhmmsstnnp`.
package enum MessageTime: Hashable, Sendable {
    /// From when the SMSC has it, so that its clock need not agree with ours. Whole seconds, less than 100 days.
    case after(Span)
    /// Tenths of a second; this century.
    case at(Instant)

    /// How long a message may still be on its way; nil when its time is over. More than 30 days become 30: no SMSC keeps a
    /// message longer.
    package static func remaining(until end: Instant, from now: Instant, as form: Form) -> MessageTime? {
        let seconds = min((end - now).milliseconds / 1000, 30 * 86_400)
        guard seconds > 0 else { return nil }
        return form == .relative ? .after(.seconds(seconds)) : .at(now + .seconds(seconds))
    }

    package enum Form: String, Hashable, Sendable, CaseIterable { case relative, absolute }

    package var text: String {
        switch self {
        case .after(let span):
            let seconds = span.milliseconds / 1000
            let time = pad(seconds / 3600 % 24) + pad(seconds / 60 % 60) + pad(seconds % 60)
            return "0000" + pad(seconds / 86_400) + time + "000R"
        case .at(let instant):
            // 2026-01-31T09:30:00.250Z
            let digits = instant.rfc3339.filter(\.isNumber)
            return digits.dropFirst(2).prefix(13) + "00+"
        }
    }

    /// Reads ``text``; nil for the empty field.
    init?(_ reader: inout PDUReader, _ field: String) throws(SMPPError) {
        let text = try reader.text(field, size: 17)
        guard !text.isEmpty else { return nil }
        guard let time = Self(parsing: text) else { throw .invalid(field) }
        self = time
    }

    /// Nil for anything that is not exactly in the format, and for years and months from now: how long is a month?
    package init?(parsing text: String) {
        let characters = Array(text)
        guard characters.count == 16, isDecimal(String(characters[..<15])) else { return nil }
        let pairs = stride(from: 0, to: 12, by: 2).compactMap { Int64(String(characters[$0...$0 + 1])) }
        let (tenth, quarters) = (String(characters[12]), Int64(String(characters[13...14])) ?? 0)
        switch characters[15] {
        case "R":
            guard pairs[0] == 0, pairs[1] == 0, pairs[3] < 24, pairs[4] < 60, pairs[5] < 60, tenth == "0", quarters == 0
            else { return nil }
            self = .after(.seconds(pairs[2] * 86_400 + pairs[3] * 3600 + pairs[4] * 60 + pairs[5]))
        case "+", "-":
            guard quarters <= 48, let local = Self.instant(pairs.map { pad($0) }, tenth) else { return nil }
            self = .at(characters[15] == "+" ? local - .minutes(15 * quarters) : local + .minutes(15 * quarters))
        default: return nil
        }
    }

    private static func instant(_ pairs: [String], _ tenth: String) -> Instant? {
        Instant(
            rfc3339: "20\(pairs[0])-\(pairs[1])-\(pairs[2])T\(pairs[3]):\(pairs[4]):\(pairs[5]).\(tenth)Z")
    }
}

func pad(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
