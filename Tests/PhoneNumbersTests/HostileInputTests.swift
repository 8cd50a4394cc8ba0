import CPhoneNumbers
import PhoneNumbers
import Testing

@Suite("Hostile telephone numbers")
struct HostileInputTests {
    static let alphabet = "0123456789012345678901234567890123456789++  -.()/０１９＋٣५x;,#*\u{0}\u{202A}\u{AD}ー😀"
    static let countries: [String?] = [nil, "HK", "US", "GB", "CN", "JP", "DE", "IT", "AR", "BR", "ZZ", "😀"]

    @Test("Random text: a number that is read again as itself, or an error", arguments: UInt64(1)...8)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var read = 0
        for round in 0..<1_500 {
            let text = generator.text(upTo: 16, from: round % 2 == 0 ? Self.alphabet : "0123456789")
            let country = Self.countries[round % Self.countries.count]
            guard let number = try? PhoneNumber(parsing: text, in: country, also: ["+85"]) else { continue }
            read += 1
            #expect(number.e164.utf8.count <= 16 && number.e164.utf8.dropFirst().allSatisfy { 0x30...0x39 ~= $0 })
            #expect(try PhoneNumber(stored: number.stored) == number, "seed \(seed): \(text)")
            #expect(try PhoneNumber(parsing: number.e164, in: nil, also: ["+85"]) == number, "seed \(seed): \(text)")
        }
        #expect(read >= 5)
    }

    @Test("A real number, damaged", arguments: UInt64(1)...8)
    func mutated(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1_500 {
            var scalars = Array("+852 5123 4567".unicodeScalars)
            let place = Int.random(in: 0..<scalars.count, using: &generator)
            scalars.replaceSubrange(place...place, with: generator.text(upTo: 2, from: Self.alphabet).unicodeScalars)
            let text = String(String.UnicodeScalarView(scalars))
            guard let number = try? PhoneNumber(parsing: text, in: "HK") else { continue }
            #expect(try PhoneNumber(stored: number.stored) == number, "seed \(seed): \(text)")
        }
    }

    @Test("Any bytes, given to the library itself, whose bounds must not be ours alone", arguments: UInt64(1)...4)
    func bytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<1_000 {
            let bytes =
                round % 2 == 0
                ? generator.bytes(upTo: 300) : Array(generator.text(upTo: 300, from: "+0123456789;=x \u{0}").utf8)
            var number = cphone_number()
            let read = bytes.withUnsafeBytes {
                cphone_read($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, "HK", &number)
            }
            #expect(read == 0 || number.outcome.rawValue <= CPHONE_UNKNOWN_COUNTRY_CODE.rawValue)
        }
    }

    @Test("Many threads read at once")
    func threads() async throws {
        let read = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<400 {
                group.addTask { try PhoneNumber(parsing: "5123 \(4000 + index)", in: "HK").e164 }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(read.count == 400)
    }
}
