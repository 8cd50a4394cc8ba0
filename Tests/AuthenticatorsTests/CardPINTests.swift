// CardPIN: which are taken, and which everybody tries first.

import Authenticators
import Testing

@Suite struct CardPINTests {
    @Test(
        "Taken", arguments: ["1357902", "4821", "7093", "90471", "482913", "39481750", "0371", "2187", "1800", "2900"])
    func taken(pin: String) throws { #expect(try CardPIN(pin).digits == pin) }

    @Test(
        "Weak",
        arguments: [
            "0000", "1111", "88888888", "1212", "1122", "6969", "1110",  // few digits
            "1234", "4321", "7890", "8901", "2468", "97531", "12345678", "3210", "0369",  // even steps
            "123123", "482482", "48214821", "112233", "44882211",  // repetitions
            "1984", "2009", "1900", "2099",  // years
            "311284", "123184", "841231", "843112", "31121984", "12311984", "19841231", "19843112",  // dates
            "2580", "0852", "1379", "5683",
        ])
    func weak(pin: String) { #expect(throws: CardPINError.tooCommon) { try CardPIN(pin) } }

    @Test(
        "Refused for their form",
        arguments: [
            ("", .missing), ("482", .tooShort(minimum: 4)), ("482913067", .tooLong(maximum: 8)), ("48a1", .notDigits),
            ("４８２１", .notDigits), ("48 21", .notDigits), ("-4821", .notDigits), ("٤٨٢١", .notDigits),
            (String(repeating: "4821", count: 1000), .tooLong(maximum: 8)),
        ] as [(String, CardPINError)])
    func refused(pin: String, error: CardPINError) { #expect(throws: error) { try CardPIN(pin) } }

    @Test("As long as the card takes")
    func policy() throws {
        let policy = try #require(PINPolicy(shortest: 6, longest: 6))
        #expect(try CardPIN("482913", policy: policy).digits == "482913")
        #expect(throws: CardPINError.tooShort(minimum: 6)) { try CardPIN("48291", policy: policy) }
        #expect(throws: CardPINError.tooLong(maximum: 6)) { try CardPIN("4829130", policy: policy) }
    }

    @Test(
        "A maker's policy within 4 to 8",
        arguments: [
            (nil, nil, 4, 8), (1, 12, 4, 8), (6, nil, 6, 8), (nil, 6, 4, 6), (8, 20, 8, 8),
        ] as [(Int?, Int?, Int, Int)])
    func bounds(shortest: Int?, longest: Int?, from: Int, to: Int) throws {
        let policy = try #require(PINPolicy(shortest: shortest, longest: longest))
        #expect((policy.shortest, policy.longest) == (from, to))
    }

    @Test("Nothing left of 4 to 8", arguments: [(9, nil), (nil, 3), (7, 6)] as [(Int?, Int?)])
    func impossible(shortest: Int?, longest: Int?) { #expect(PINPolicy(shortest: shortest, longest: longest) == nil) }

    @Test("A drawn one is not weak, and every digit is as likely")
    func drawn() throws {
        var byte: UInt8 = 0
        var counts = [Character: Int]()
        for _ in 0..<2000 {
            let pin = CardPIN.drawn(policy: .standard) { count in
                (0..<count).map { _ in
                    byte = byte &* 197 &+ 41
                    return byte
                }
            }
            #expect(pin.digits.count == 4)
            #expect(throws: Never.self) { try CardPIN(pin.digits) }
            for digit in pin.digits { counts[digit, default: 0] += 1 }
        }
        #expect(counts.count == 10)
        // All bytes above 249 would be thrown away: nothing is drawn of them, and it goes on.
        var calls = 0
        _ = CardPIN.drawn(policy: .standard) { count in
            calls += 1
            return calls == 1 ? [UInt8](repeating: 250, count: count) : [4, 8, 2, 1]
        }
        #expect(calls == 2)
    }

    @Test("Nothing prints it")
    func hidden() throws {
        let pin = try CardPIN("4821")
        var dumped = ""
        dump(pin, to: &dumped)
        for text in ["\(pin)", String(reflecting: pin), dumped] { #expect(!text.contains("4821"), "\(text)") }
    }
}

@Suite struct DeliveryAddressTests {
    @Test("Lines as they stand on the envelope")
    func lines() throws {
        let address = try DeliveryAddress("  Alice Chan \r\n\r\n1 Queen's Road\n 香港中環\u{3000}\n")
        #expect(address.lines == ["Alice Chan", "1 Queen's Road", "香港中環"])
        #expect(try DeliveryAddress(address.text) == address)
    }

    @Test(
        "Refused",
        arguments: [
            ("", .missing), (" \n \u{3000}\r\n", .missing),
            ((1...9).map(String.init).joined(separator: "\n"), .tooManyLines(maximum: 8)),
            (String(repeating: "a", count: 101), .lineTooLong(maximum: 100)),
            ("one\u{0}two", .forbiddenCharacter), ("one\u{202E}two", .forbiddenCharacter),
        ] as [(String, DeliveryAddressError)])
    func refused(text: String, error: DeliveryAddressError) {
        #expect(throws: error) { try DeliveryAddress(text) }
    }

    @Test("Nothing prints it")
    func hidden() throws {
        let address = try DeliveryAddress("Queen's Road")
        var dumped = ""
        dump(address, to: &dumped)
        for text in ["\(address)", String(reflecting: address), dumped] { #expect(!text.contains("Queen"), "\(text)") }
    }
}
