extension Instant {
    /// The instant as RFC 3339 text in UTC with milliseconds, for example `2026-01-31T09:30:00.250Z`.
    package var rfc3339: String {
        let milliseconds = self.milliseconds - self.seconds * 1000
        let day = self.seconds >= 0 ? self.seconds / 86_400 : (self.seconds - 86_399) / 86_400
        let second = self.seconds - day * 86_400
        let (year, month, date) = Self.civil(fromDay: day)
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(date, 2))T"
            + "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2)).\(pad(milliseconds, 3))Z"
    }

    /// Reads a time of RFC 3339 with any offset and up to nine digits of fractions of a second, which are cut to
    /// milliseconds; nil for anything else, a leap second included.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(Optional(0)) { value, byte in
                guard let value, (48...57).contains(byte) else { return nil }
                return value * 10 + Int64(byte - 48)
            }
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0..<4), let month = number(5..<7), let date = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            hour < 24, minute < 60, second < 60, let day = Self.day(year, month, date),
            let (fraction, next) = Self.fraction(bytes), let offset = Self.offset(bytes[next...])
        else { return nil }
        let seconds = day * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(milliseconds: seconds * 1000 + fraction)
    }

    /// The milliseconds after the seconds, and where the offset begins.
    private static func fraction(_ bytes: [UInt8]) -> (milliseconds: Int64, next: Int)? {
        guard bytes[19] == UInt8(ascii: ".") else { return (0, 19) }
        let digits = bytes[20...].prefix { (48...57).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        let padded = Array(digits.prefix(3)) + [UInt8](repeating: 48, count: max(0, 3 - digits.count))
        return (padded.reduce(0) { $0 * 10 + Int64($1 - 48) }, 20 + digits.count)
    }

    /// In seconds: `Z`, `+08:00`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let text = Array(bytes)
        if text == [UInt8(ascii: "Z")] { return 0 }
        guard text.count == 6, text[3] == UInt8(ascii: ":"), [1, 2, 4, 5].allSatisfy({ (48...57).contains(text[$0]) })
        else { return nil }
        let (hours, minutes) = (
            Int64(text[1] - 48) * 10 + Int64(text[2] - 48), Int64(text[4] - 48) * 10 + Int64(text[5] - 48)
        )
        guard hours < 24, minutes < 60 else { return nil }
        switch text[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    /// Days since 1970; nil for a date that is not in the calendar.
    private static func day(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64? {
        guard (1...12).contains(month), (1...31).contains(date) else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1
        let day = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        // 31 April would be 1 May.
        return Self.civil(fromDay: day) == (year, month, date) ? day : nil
    }

    /// Days since 1970 to a date of the proleptic Gregorian calendar: eras of 400 years that begin on 1 March.
    private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, date: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

private func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
