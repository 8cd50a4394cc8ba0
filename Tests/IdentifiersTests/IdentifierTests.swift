// Identifier: one spelling, time order, and the text it is stored as.

import Foundation
import Identifiers
import Testing
import Time

@Suite struct IdentifierTests {
    static let text = "00112233445566778899aabbccddeeff"
    static let bytes: [UInt8] = (0..<16).map { $0 * 0x11 }

    @Test func text() throws {
        let id = try #require(UserID(Self.text))
        #expect(id.text == Self.text)
        #expect(id.bytes == Self.bytes)
        #expect("\(id)" == Self.text)
    }

    @Test func bytes() throws {
        let id = try #require(UserID(bytes: Self.bytes))
        #expect(id.bytes == Self.bytes)
        #expect(id.text == Self.text)
        #expect(UserID(id.text) == id)
    }

    @Test("When it was made is in it, whatever the random bytes", arguments: [0, 1, 1_767_225_600_123, (1 << 48) - 1])
    func made(milliseconds: Int64) throws {
        for byte in [0x00, 0xFF] as [UInt8] {
            let id = UserID(at: Instant(milliseconds: milliseconds), random: [UInt8](repeating: byte, count: 10))
            #expect(id.made == Instant(milliseconds: milliseconds))
            #expect(UserID(id.text)?.made == id.made)
        }
    }

    @Test("Every byte at every place goes there and back")
    func everyByte() throws {
        for place in 0..<16 {
            for byte in UInt8.min...UInt8.max {
                var bytes = Self.bytes
                bytes[place] = byte
                let id = try #require(UserID(bytes: bytes))
                #expect(id.bytes == bytes && UserID(id.text) == id)
            }
        }
    }

    @Test(
        "Refused spellings",
        arguments: [
            "",
            "00112233445566778899aabbccddeef",  // 31
            "00112233445566778899aabbccddeeff0",  // 33
            "00112233445566778899AABBCCDDEEFF",  // upper case would be a second spelling
            "00112233-4455-6677-8899-aabbccddeeff",
            "00112233445566778899aabbccddeefg",
            "0x112233445566778899aabbccddeeff",
            "+0112233445566778899aabbccddeeff",  // Int.init would take the sign
            " 0112233445566778899aabbccddeeff",
            "0112233445566778899aabbccddeeff\n",
            "00112233445566778899aabbccddeef\u{0}",
            "/0112233445566778899aabbccddeeff",  // the neighbours of the digits in ASCII
            ":0112233445566778899aabbccddeeff",
            "`0112233445566778899aabbccddeeff",
            "００112233445566778899aabbccdd",  // 32 bytes of UTF-8, two of the digits full-width
        ])
    func refused(text: String) {
        #expect(UserID(text) == nil)
    }

    @Test("Refused lengths", arguments: [0, 1, 15, 17, 32])
    func refused(count: Int) {
        #expect(UserID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("48 bits of milliseconds, then the random bytes")
    func layout() {
        let random: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        let id = LoginID(at: Instant(milliseconds: 0x0001_8C20_3040), random: random)
        #expect(id.bytes == [0x00, 0x01, 0x8C, 0x20, 0x30, 0x40] + random)
        #expect(id.text == "00018c2030400102030405060708090a")
    }

    @Test("Later is greater, in each of the three forms")
    func timeOrder() {
        let times: [Int64] = [0, 1, 255, 256, 1_795_507_509_249, 1_795_507_509_250, 253_402_300_799_999]
        let ids = times.enumerated().map { index, time in
            // The earlier one of two has the greater random bytes.
            let random = [UInt8](repeating: index.isMultiple(of: 2) ? 255 : 0, count: 10)
            return LoginID(at: Instant(milliseconds: time), random: random)
        }
        for (earlier, later) in zip(ids, ids.dropFirst()) {
            #expect(earlier < later)
            #expect(earlier.text < later.text)
            #expect(earlier.bytes.lexicographicallyPrecedes(later.bytes))
        }
    }

    @Test("Within a millisecond the random bytes decide", arguments: 0..<10)
    func sameTime(place: Int) {
        var random = [UInt8](repeating: 7, count: 10)
        let smaller = LoginID(at: Instant(milliseconds: 1), random: random)
        random[place] = 8
        let greater = LoginID(at: Instant(milliseconds: 1), random: random)
        #expect(smaller < greater && smaller != greater)
        #expect(!(greater < smaller) && !(smaller < smaller))
    }

    @Test("Stored as its text")
    func stored() throws {
        let id = try #require(UserID(Self.text))
        let json = try JSONEncoder().encode([id])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(Self.text)\"]")
        #expect(try JSONDecoder().decode([UserID].self, from: json) == [id])
    }

    @Test("Refused in storage", arguments: ["[\"\"]", "[\"00112233445566778899AABBCCDDEEFF\"]", "[1]", "[null]"])
    func refusedInStorage(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([UserID].self, from: Data(json.utf8)) }
    }
}
