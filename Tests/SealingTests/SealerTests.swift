// Sealer: what is sealed opens at its place under its key, and nowhere else.

import Sealing
import Testing

@Suite struct SealerTests {
    static let nonce = [UInt8](repeating: 9, count: 12)
    static let secret = Array("seed of a card".utf8)
    static let place = SealedPlace(table: "card", column: "seed", row: [[1, 2], [3, 4], [1]])

    private func sealer(_ id: UInt32 = 7, byte: UInt8 = 1) throws -> Sealer {
        Sealer(current: try key(id, byte: byte))
    }

    @Test("Round trip", arguments: [0, 1, 16, 32, 1000])
    func roundTrip(count: Int) throws {
        let secret = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try sealer().seal(secret, for: Self.place, nonce: Self.nonce)
        #expect(sealed.count == 33 + count)
        #expect(try sealer().open(sealed, for: Self.place) == secret)
    }

    @Test("The format is schema: version, key id, nonce, then ciphertext and tag")
    func format() throws {
        let sealed = try sealer(0x0102_0304).seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(Array(sealed.prefix(17)) == [1, 1, 2, 3, 4] + Self.nonce)
        #expect(hexadecimal(sealed.dropFirst(17)) == "b76a42aaee5f60e11e74292edcb9cf3e3d00f22b1fdc280f7c8c9bfa4d40")
    }

    @Test(
        "Another place does not open it",
        arguments: [
            SealedPlace(table: "phone", column: "seed", row: [[1, 2], [3, 4], [1]]),
            SealedPlace(table: "card", column: "pin", row: [[1, 2], [3, 4], [1]]),
            SealedPlace(table: "card", column: "seed", row: [[1, 9], [3, 4], [1]]),  // another user
            SealedPlace(table: "card", column: "seed", row: [[1, 2], [3, 9], [1]]),  // another authenticator
            SealedPlace(table: "card", column: "seed", row: [[1, 2], [3, 4], [2]]),  // another version
            SealedPlace(table: "card", column: "seed", row: [[3, 4], [1, 2], [1]]),
            SealedPlace(table: "card", column: "seed", row: [[1, 2], [3, 4]]),
            SealedPlace(table: "card", column: "seed", row: [[1, 2], [3, 4], [1], []]),
            SealedPlace(table: "card", column: "seed", row: [[1, 2, 3, 4], [], [1]]),
            SealedPlace(table: "cards", column: "eed", row: [[1, 2], [3, 4], [1]]),
            SealedPlace(table: "card", column: "seed", row: []),
        ])
    func otherPlace(place: SealedPlace) throws {
        let sealed = try sealer().seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(throws: SealingError.notAuthentic) { try sealer().open(sealed, for: place) }
    }

    @Test("Parts carry their lengths: [ab, c] is not [a, bc]")
    func lengthPrefix() throws {
        let first = SealedPlace(table: "t", column: "c", row: [Array("ab".utf8), Array("c".utf8)])
        let second = SealedPlace(table: "t", column: "c", row: [Array("a".utf8), Array("bc".utf8)])
        #expect(first != second)
        let sealed = try sealer().seal(Self.secret, for: first, nonce: Self.nonce)
        #expect(try sealer().open(sealed, for: first) == Self.secret)
        #expect(throws: SealingError.notAuthentic) { try sealer().open(sealed, for: second) }
    }

    @Test("A changed byte at any place is noticed")
    func changed() throws {
        let sealed = try sealer().seal(Self.secret, for: Self.place, nonce: Self.nonce)
        for place in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[place] ^= 1 << bit
                let expected: SealingError =
                    switch place {
                    case 0: .malformed
                    case 1...4: .unknownKey(7 ^ (1 << bit) << UInt32(8 * (4 - place)))
                    default: .notAuthentic
                    }
                #expect(throws: expected, "byte \(place), bit \(bit)") { try sealer().open(changed, for: Self.place) }
            }
        }
    }

    @Test("Cut short or made longer, it does not open")
    func truncated() throws {
        let sealed = try sealer().seal(Self.secret, for: Self.place, nonce: Self.nonce)
        for count in sealed.indices {
            let expected: SealingError = count < 33 ? .malformed : .notAuthentic
            #expect(throws: expected) { try sealer().open(Array(sealed.prefix(count)), for: Self.place) }
        }
        #expect(throws: SealingError.notAuthentic) { try sealer().open(sealed + [0], for: Self.place) }
    }

    @Test("Another key with the same number does not open it")
    func wrongKey() throws {
        let sealed = try sealer(byte: 1).seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(throws: SealingError.notAuthentic) { try sealer(byte: 2).open(sealed, for: Self.place) }
    }

    @Test func unknownKey() throws {
        let sealed = try sealer(7).seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(throws: SealingError.unknownKey(7)) { try sealer(8).open(sealed, for: Self.place) }
    }

    @Test("The key's number is authenticated, even where two numbers have one key")
    func keyNumber() throws {
        let both = Sealer(current: try key(7, byte: 1), earlier: [try key(8, byte: 1)])
        var sealed = try both.seal(Self.secret, for: Self.place, nonce: Self.nonce)
        sealed[4] = 8
        #expect(throws: SealingError.notAuthentic) { try both.open(sealed, for: Self.place) }
    }

    @Test("After a rotation the old opens still, and the new is sealed under the new key")
    func rotation() throws {
        let old = try sealer(7, byte: 1)
        let sealed = try old.seal(Self.secret, for: Self.place, nonce: Self.nonce)
        let rotated = Sealer(current: try key(8, byte: 2), earlier: [old.current])
        #expect(rotated.current.id == 8)
        #expect(try rotated.open(sealed, for: Self.place) == Self.secret)
        let resealed = try rotated.seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(throws: SealingError.unknownKey(8)) { try old.open(resealed, for: Self.place) }
    }

    @Test("Refused nonces", arguments: [0, 11, 13, 16])
    func nonce(count: Int) throws {
        let nonce = [UInt8](repeating: 9, count: count)
        #expect(throws: SealingError.badNonce) { try sealer().seal(Self.secret, for: Self.place, nonce: nonce) }
    }

    @Test("The ciphertext does not contain the secret")
    func ciphertext() throws {
        let sealed = try sealer().seal(Self.secret, for: Self.place, nonce: Self.nonce)
        #expect(!sealed.contains(subsequence: Self.secret.prefix(4)))
    }
}

func key(_ id: UInt32, byte: UInt8) throws -> DataKey {
    try DataKey(id: id, bytes: [UInt8](repeating: byte, count: 32))
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

extension [UInt8] {
    fileprivate func contains(subsequence: ArraySlice<UInt8>) -> Bool {
        self.indices.contains { self[$0...].starts(with: subsequence) }
    }
}
