// Reading dates: xs:dateTime (XML Schema part 2, section 3.2.7), of which RFC 3339 is a part.

extension Instant {
    /// Reads `2026-01-31T09:30:00.25Z`, with `Z`, a numeric zone, or none, which is UTC (RFC 6030 section 4.3.1). Finer than
    /// milliseconds is cut off. Leap seconds, 24:00 and days that the calendar has not are refused: nil.
    package init?(dateTime text: some StringProtocol) {
        var digits = DateTimeDigits(Array(text.utf8))
        guard let year = digits.number(4, in: 1...9999), digits.take("-"), let month = digits.number(2, in: 1...12),
            digits.take("-"), let date = digits.number(2, in: 1...Self.length(ofMonth: month, year: year)),
            digits.take("T"), let hour = digits.number(2, in: 0...23), digits.take(":"),
            let minute = digits.number(2, in: 0...59), digits.take(":"), let second = digits.number(2, in: 0...59),
            let milliseconds = digits.fraction(), let zone = digits.zone(), digits.isAtEnd
        else { return nil }
        let seconds = Self.day(year, month, date) * 86_400 + hour * 3600 + (minute - zone) * 60 + second
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A date of the Gregorian calendar to days since 1970: years that begin on 1 March.
    private static func day(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64 {
        let shiftedYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
        return shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
    }
}

/// What is left of a date's text. The longest is bounded by who took it from a file.
private struct DateTimeDigits {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { self.position == self.bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.position < self.bytes.count, UInt32(self.bytes[self.position]) == character.value else {
            return false
        }
        self.position += 1
        return true
    }

    private mutating func digit() -> Int64? {
        guard self.position < self.bytes.count, (0x30...0x39).contains(self.bytes[self.position]) else { return nil }
        defer { self.position += 1 }
        return Int64(self.bytes[self.position]) - 0x30
    }

    mutating func number(_ count: Int, in range: ClosedRange<Int64>) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = self.digit() else { return nil }
            number = number * 10 + digit
        }
        return range.contains(number) ? number : nil
    }

    /// Milliseconds of `.25`, or 0 if there is no fraction.
    mutating func fraction() -> Int64? {
        guard self.take(".") else { return 0 }
        guard let first = self.digit() else { return nil }
        let (second, third) = (self.digit(), self.digit())
        while self.digit() != nil {}
        return first * 100 + (second ?? 0) * 10 + (third ?? 0)
    }

    /// Minutes before UTC.
    mutating func zone() -> Int64? {
        if self.isAtEnd || self.take("Z") { return 0 }
        let sign: Int64
        if self.take("+") { sign = 1 } else if self.take("-") { sign = -1 } else { return nil }
        guard let hours = self.number(2, in: 0...14), self.take(":"), let minutes = self.number(2, in: 0...59),
            hours < 14 || minutes == 0
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
