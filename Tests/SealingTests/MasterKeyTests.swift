// MasterKey and DataKey: wrapping, and that nothing prints a key.

import Sealing
import Testing

@Suite struct MasterKeyTests {
    static let nonce = [UInt8](repeating: 9, count: 12)
    static let place = SealedPlace(table: "card", column: "seed", row: [[1]])

    private func master(_ byte: UInt8 = 0xAA) throws -> MasterKey {
        try MasterKey(bytes: [UInt8](repeating: byte, count: 32))
    }

    @Test("What the wrapped key sealed, the unwrapped key opens")
    func roundTrip() throws {
        let dataKey = try key(7, byte: 1)
        let wrapped = try master().wrap(dataKey, nonce: Self.nonce)
        #expect(wrapped.count == 12 + 32 + 16)
        let unwrapped = try master().unwrap(wrapped, id: 7)
        #expect(unwrapped.id == 7)
        let sealed = try Sealer(current: dataKey).seal([1, 2, 3], for: Self.place, nonce: Self.nonce)
        #expect(try Sealer(current: unwrapped).open(sealed, for: Self.place) == [1, 2, 3])
    }

    @Test func wrongMaster() throws {
        let wrapped = try master(0xAA).wrap(try key(7, byte: 1), nonce: Self.nonce)
        #expect(throws: SealingError.notAuthentic) { try master(0xAB).unwrap(wrapped, id: 7) }
    }

    @Test("A wrapped key does not take another's number")
    func wrongNumber() throws {
        let wrapped = try master().wrap(try key(7, byte: 1), nonce: Self.nonce)
        #expect(throws: SealingError.notAuthentic) { try master().unwrap(wrapped, id: 8) }
    }

    @Test func changed() throws {
        let wrapped = try master().wrap(try key(7, byte: 1), nonce: Self.nonce)
        for place in wrapped.indices {
            var changed = wrapped
            changed[place] ^= 1
            #expect(throws: SealingError.notAuthentic, "byte \(place)") { try master().unwrap(changed, id: 7) }
        }
    }

    @Test("Cut short")
    func truncated() throws {
        let wrapped = try master().wrap(try key(7, byte: 1), nonce: Self.nonce)
        for count in wrapped.indices {
            let expected: SealingError = count < 28 ? .malformed : .notAuthentic
            #expect(throws: expected, "\(count) bytes") { try master().unwrap(Array(wrapped.prefix(count)), id: 7) }
        }
    }

    @Test("A sealed column is no wrapped key, even under the same bytes")
    func notAColumn() throws {
        let same = try key(0, byte: 0xAA)
        let sealed = try Sealer(current: same).seal(
            [UInt8](repeating: 1, count: 32), for: Self.place, nonce: Self.nonce)
        #expect(throws: SealingError.notAuthentic) { try master().unwrap(Array(sealed.dropFirst(5)), id: 0) }
    }

    @Test("Refused key lengths", arguments: [0, 16, 24, 31, 33, 64])
    func keyLength(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: SealingError.badKeyLength(count)) { try DataKey(id: 1, bytes: bytes) }
        #expect(throws: SealingError.badKeyLength(count)) { try MasterKey(bytes: bytes) }
    }

    @Test("Refused nonces", arguments: [0, 11, 13])
    func nonce(count: Int) throws {
        let nonce = [UInt8](repeating: 9, count: count)
        #expect(throws: SealingError.badNonce) { try master().wrap(try key(7, byte: 1), nonce: nonce) }
    }

    @Test("Nothing prints a key")
    func hidden() throws {
        let dataKey = try key(7, byte: 0xAA)
        let sealer = Sealer(current: dataKey, earlier: [try key(6, byte: 0xAA)])
        let values: [Any] = [dataKey, try master(), sealer, Optional(dataKey) as Any, [try master()]]
        for value in values {
            for text in ["\(value)", String(reflecting: value), dumped(value)] {
                #expect(text.contains("Key"))
                for secret in ["170", "aa", "AA", "Symmetric"] { #expect(!text.contains(secret), "\(text)") }
            }
        }
        #expect("\(dataKey)" == "DataKey(7)")
        #expect("\(try master())" == "MasterKey(…)")
        #expect(Mirror(reflecting: dataKey).children.map(\.label) == ["id"])
        #expect(Mirror(reflecting: try master()).children.isEmpty)
    }
}

private func dumped(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
}
