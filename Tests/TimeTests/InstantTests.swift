// Instant: arithmetic, order, whole seconds, and the number it is stored as.

import Foundation
import Testing
import Time

@Suite struct InstantTests {
    @Test(
        "Whole seconds are rounded down, before 1970 too",
        arguments: [
            (0, 0), (1, 0), (999, 0), (1000, 1), (1_999, 1), (-1, -1), (-999, -1), (-1000, -1), (-1001, -2),
            (-2000, -2), (.max, 9_223_372_036_854_775), (.min, -9_223_372_036_854_776),
        ] as [(Int64, Int64)])
    func seconds(milliseconds: Int64, expected: Int64) {
        #expect(Instant(milliseconds: milliseconds).seconds == expected)
    }

    @Test func adds() {
        let noon = Instant(milliseconds: 43_200_000)
        #expect(noon + .minutes(1) == Instant(milliseconds: 43_260_000))
        #expect(noon - .hours(13) == Instant(milliseconds: -3_600_000))
        #expect(noon - Instant(milliseconds: 0) == .hours(12))
        #expect(Instant(milliseconds: 0) - noon == .hours(-12))
    }

    @Test func order() {
        let instants = [5, -1, 0, 4].map { Instant(milliseconds: $0) }
        #expect(instants.sorted().map(\.milliseconds) == [-1, 0, 4, 5])
        #expect(!(Instant(milliseconds: 4) < Instant(milliseconds: 4)))
    }

    @Test("Stored as a bare number")
    func stored() throws {
        let instants = [Instant(milliseconds: 1_795_507_509_250), Instant(milliseconds: -1)]
        let json = try JSONEncoder().encode(instants)
        #expect(String(decoding: json, as: UTF8.self) == "[1795507509250,-1]")
        #expect(try JSONDecoder().decode([Instant].self, from: json) == instants)
    }

    @Test("Refused in place of the number", arguments: ["[\"1\"]", "[1.5]", "[null]", "[{\"milliseconds\":1}]"])
    func refused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Instant].self, from: Data(json.utf8)) }
    }
}
