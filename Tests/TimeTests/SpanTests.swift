// Span: units, rounding up, and the number it is stored as.

import Foundation
import Testing
import Time

@Suite struct SpanTests {
    @Test(
        "Units",
        arguments: [
            (.milliseconds(3), 3), (.seconds(3), 3_000), (.minutes(3), 180_000), (.hours(3), 10_800_000),
            (.days(3), 259_200_000), (.seconds(-1), -1_000),
        ] as [(Span, Int64)])
    func units(span: Span, milliseconds: Int64) {
        #expect(span.milliseconds == milliseconds)
        #expect(span == Span(milliseconds: milliseconds))
    }

    @Test(
        "Seconds are rounded up: a wait that is told must not be too short",
        arguments: [
            (0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (59_999, 60), (60_000, 60), (-1, 0), (-999, 0), (-1000, -1),
            (-1001, -1), (.max, 9_223_372_036_854_776), (.min, -9_223_372_036_854_775),
        ] as [(Int64, Int64)])
    func roundedUp(milliseconds: Int64, seconds: Int64) {
        #expect(Span(milliseconds: milliseconds).secondsRoundedUp == seconds)
    }

    @Test func order() {
        #expect(Span.seconds(59) < .minutes(1))
        #expect(Span.seconds(-1) < .seconds(0))
        #expect(!(Span.seconds(60) < .minutes(1)))
    }

    @Test("Stored as a bare number")
    func stored() throws {
        let json = try JSONEncoder().encode([Span.minutes(2)])
        #expect(String(decoding: json, as: UTF8.self) == "[120000]")
        #expect(try JSONDecoder().decode([Span].self, from: json) == [.minutes(2)])
    }
}
