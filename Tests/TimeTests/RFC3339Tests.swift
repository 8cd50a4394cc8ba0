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
    }

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
