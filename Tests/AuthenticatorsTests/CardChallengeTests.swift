// CardChallenge: the digits that are drawn, and that no two of them are one input of OCRA.

import Authenticators
import Encodings
import Identifiers
import TestSupport
import Testing
import Time

@testable import OTP

@Suite struct CardChallengeTests {
    static let six = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"
    static let eight = "OCRA-1:HOTP-SHA256-8:QN08-PSHA1"

    @Test(
        "Chosen bytes give chosen digits: the whole range, and nothing outside it",
        arguments: [
            (six, 0, "100000"), (six, 1, "100001"), (six, 899_999, "999999"), (six, 900_000, "100000"),
            (six, 1_799_999, "999999"), (six, .max, "751615"), (eight, 0, "10000000"),
            (eight, 89_999_999, "99999999"), (eight, 90_000_000, "10000000"), (eight, .max, "29551615"),
        ] as [(String, UInt64, String)])
    func edges(suite: String, word: UInt64, digits: String) throws {
        #expect(CardChallenge.digits(for: try CardSuite(suite).ocra, random: bytes(word)) == digits)
    }

    @Test("The first random byte weighs most, and only eight are taken")
    func byteOrder() throws {
        let ocra = try CardSuite(Self.six).ocra
        #expect(CardChallenge.digits(for: ocra, random: [0, 0, 0, 0, 0, 0, 1, 0]) == "100256")
        #expect(CardChallenge.digits(for: ocra, random: [0, 0, 0, 0, 0, 0, 1, 0, 77]) == "100256")
    }

    @Test("Never a leading zero, always the right length", arguments: [(six, 6), (eight, 8)])
    func length(suite: String, length: Int) throws {
        let ocra = try CardSuite(suite).ocra
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<5_000 {
            let digits = CardChallenge.digits(for: ocra, random: bytes(generator.next()))
            #expect(digits.utf8.count == length && !digits.hasPrefix("0") && UInt64(digits) != nil)
        }
    }

    @Test("Uniform: each first digit as often as any other")
    func uniform() throws {
        let ocra = try CardSuite(Self.six).ocra
        var generator = SeededGenerator(seed: 7)
        var counts: [Character: Int] = [:]
        for _ in 0..<9_000 {
            counts[CardChallenge.digits(for: ocra, random: bytes(generator.next())).first ?? "?", default: 0] += 1
        }
        #expect(counts.keys.sorted() == Array("123456789"))
        #expect(counts.values.allSatisfy { (850...1150).contains($0) }, "\(counts)")
    }

    @Test("With leading zeros they collide: 000001, 000016, 065536")
    func collision() throws {
        let suite = try CardSuite(Self.six).ocra
        let key = try OTPKey(Array("12345678901234567890123456789012".utf8))
        let pin = try OCRAPIN("1234", for: suite)
        let responses = try ["000001", "000016", "065536"].map {
            try suite.response(key: key, question: $0, pin: pin)
        }
        #expect(Set(responses).count == 1)
    }

    @Test("100000 to 999999: no two are one input, counted")
    func noCollisionOfSix() throws {
        var seen = Set<UInt32>(minimumCapacity: 900_000)
        for number in UInt32(100_000)...999_999 { seen.insert(leftAligned(number)) }
        #expect(seen.count == 900_000)
    }

    /// Two numbers are one input only if one is the other with hexadecimal zeros behind it: at least 16 times as great.
    @Test("From the smallest to the greatest it is less than a factor of 16", arguments: [6, 8])
    func noCollision(length: Int) throws {
        let smallest = try #require(Int("1" + String(repeating: "0", count: length - 1)))
        let greatest = try #require(Int(String(repeating: "9", count: length)))
        #expect(greatest < 16 * smallest)
    }

    @Test("What was counted is what OCRA hashes", arguments: [six, eight])
    func model(suite: String) throws {
        let ocra = try CardSuite(suite).ocra
        var generator = SeededGenerator(seed: 3)
        let edges: [UInt64] = [0, 1, 89_999_999, 899_999, 6_777_215, 6_777_216]  // 16⁶ is among the 8-digit ones
        for word in edges + (0..<300).map({ _ in generator.next() }) {
            let digits = CardChallenge.digits(for: ocra, random: bytes(word))
            let input = try OCRAQuestion(digits, for: ocra.question).bytes
            let aligned = leftAligned(try #require(UInt32(digits)))
            #expect(input.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } == aligned, "\(digits)")
            #expect(input.count == 128 && input.dropFirst(4).allSatisfy { $0 == 0 })
        }
    }

    @Test("The numbers")
    func numbers() {
        #expect(CardChallenge.lifetime == .seconds(180))
        #expect(CardChallenge.history == 1000)
    }

    @Test("As it is stored")
    func stored() throws {
        let id = try #require(ChallengeID("000000000000000000000000000000c1"))
        let challenge = CardChallenge(id: id, digits: "123456", expires: Instant(milliseconds: 5))
        let expected = #"{"digits":"123456","expires":5,"id":"000000000000000000000000000000c1"}"#
        #expect(challenge.storedText == expected)
        #expect(try CardChallenge(storedText: expected) == challenge)
    }
}

private func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
}

/// Hexadecimal without leading zeros, padded on the right (RFC 6287 section 5.1): the first four bytes of the input.
private func leftAligned(_ number: UInt32) -> UInt32 {
    var number = number
    while number != 0 && number >> 28 == 0 { number <<= 4 }
    return number
}
