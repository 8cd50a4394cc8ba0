// RFC 3339 text: leap years, centuries, and times before 1970.

import Testing
import Time

@Suite struct RFC3339Tests {
    @Test(
        "In UTC, with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (999, "1970-01-01T00:00:00.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"),
            (951_827_696_007, "2000-02-29T12:34:56.007Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (1_795_507_509_250, "2026-11-24T08:05:09.250Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),  // no 29 February in 2100
            (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"),  // nor in 1900
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (-11_670_998_400_000, "1600-02-29T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, expected: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == expected)
        if milliseconds >= -62_135_596_800_000 { #expect(Instant(rfc3339: expected)?.milliseconds == milliseconds) }
    }

    @Test(
        "Read with any offset and fraction",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T08:00:00+08:00", 0), ("1969-12-31T19:30:00.5-04:30", 500),
            ("2026-11-24T08:05:09.250999999Z", 1_795_507_509_250), ("2000-02-29T12:34:56.007Z", 951_827_696_007),
        ] as [(String, Int64)])
    func read(text: String, milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "Refused",
        arguments: [
            "", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31 09:30:00Z", "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2016-12-31T23:59:60Z", "2026-01-31T09:30:00.Z",
            "2026-01-31T09:30:00.1234567890Z", "2026-01-31T09:30:00+8:00", "2026-01-31T09:30:00+24:00",
            "2026-01-31T09:30:00z", "2026-01-31T09:30:00ZZ", "+026-01-31T09:30:00Z", "２026-01-31T09:30:00Z",
        ])
    func refused(text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test("Every day of 400 years has the date after the one before it")
    func everyDay() {
        var (year, month, date) = (1600, 1, 1)
        for day in 0..<Int64(146_097) {
            let instant = Instant(milliseconds: (day - 135_140) * 86_400_000)
            guard instant.rfc3339.hasPrefix(Self.text(year, month, date)) else {
                Issue.record("\(instant.rfc3339) is not \(Self.text(year, month, date))")
                return
            }
            date += 1
            if date > Self.length(of: month, in: year) { (month, date) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect((year, month, date) == (2000, 1, 1))
    }

    private static func length(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func text(_ year: Int, _ month: Int, _ date: Int) -> String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(date < 10 ? "0" : "")\(date)T"
    }
}
