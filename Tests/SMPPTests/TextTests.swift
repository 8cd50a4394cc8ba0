import Testing

@testable import SMPP

@Suite("SMPP: alphabets and long texts")
struct TextTests {
    @Test(
        "3GPP TS 23.038 section 6.2.1",
        arguments: [
            ("@", [0x00]), ("£", [0x01]), ("$", [0x02]), ("Ç", [0x09]), ("\n", [0x0A]), ("\r", [0x0D]), ("Δ", [0x10]),
            ("_", [0x11]), ("Φ", [0x12]), ("Ξ", [0x1A]), ("Æ", [0x1C]), ("É", [0x1F]), (" ", [0x20]), ("¤", [0x24]),
            ("0", [0x30]), ("?", [0x3F]), ("¡", [0x40]), ("A", [0x41]), ("Z", [0x5A]), ("Ä", [0x5B]), ("§", [0x5F]),
            ("¿", [0x60]), ("a", [0x61]), ("z", [0x7A]), ("à", [0x7F]),
            ("\u{0C}", [0x1B, 0x0A]), ("^", [0x1B, 0x14]), ("{", [0x1B, 0x28]), ("}", [0x1B, 0x29]),
            ("\\", [0x1B, 0x2F]), ("[", [0x1B, 0x3C]), ("~", [0x1B, 0x3D]), ("]", [0x1B, 0x3E]), ("|", [0x1B, 0x40]),
            ("€", [0x1B, 0x65]), ("\r\n", [0x0D, 0x0A]),
        ] as [(String, [UInt8])])
    func gsm(text: String, septets: [UInt8]) {
        #expect(GSMAlphabet.encode(text) == septets)
        #expect(GSMAlphabet.decode(septets) == text)
    }

    @Test("Every septet but the escape is read and written back")
    func everySeptet() {
        for septet in UInt8(0)..<0x80 where septet != 0x1B {
            #expect(GSMAlphabet.decode([septet]).flatMap(GSMAlphabet.encode) == [septet])
        }
    }

    @Test("Not in the alphabet", arguments: ["ç", "`", "\t", "é́", "e\u{301}", "“", "你", "\u{1B}", "\u{0}", "😀", "Ω̈"])
    func notInAlphabet(text: String) {
        #expect(GSMAlphabet.encode(text) == nil)
        #expect(TextAlphabet(for: text) == .ucs2)
    }

    @Test("Read as a telephone would: an empty place of the extension table, two escapes, an escape at the end")
    func escapes() {
        #expect(GSMAlphabet.decode([0x1B, 0x41]) == "A")
        #expect(GSMAlphabet.decode([0x1B, 0x1B]) == " ")
        #expect(GSMAlphabet.decode([0x41, 0x1B]) == "A")
        #expect(GSMAlphabet.decode([0x80]) == nil)
    }

    @Test("UTF-16, the high byte first; halves of pairs and odd bytes are no text")
    func ucs2() {
        #expect(TextAlphabet.ucs2.decode([0x4F, 0x60, 0xD8, 0x3D, 0xDE, 0x00]) == "你😀")
        #expect(TextAlphabet.ucs2.decode([0xD8, 0x3D]) == nil)
        #expect(TextAlphabet.ucs2.decode([0x4F]) == nil)
    }

    @Test("Another alphabet where the provider has one, and UCS-2 for what it lacks")
    func latin1() throws {
        let text = "é@ÿ\n" + String(repeating: "a", count: 136)
        let encoded = try EncodedText(text, reference: 9, preferring: .latin1)
        #expect(encoded.alphabet == .latin1 && encoded.parts.count == 1)
        #expect(TextAlphabet.latin1.decode(encoded.parts[0][...]) == text)
        let long = try EncodedText(text + "a", reference: 9, preferring: .latin1)
        #expect(long.parts.map(\.count) == [140, 13] && long.messageClass == .withHeader)
        for other in ["Δ", "\u{85}", "\t", "碼"] {
            #expect(try EncodedText(other, reference: 9, preferring: .latin1).alphabet == .ucs2)
        }
        #expect(try EncodedText("a", reference: 9, preferring: .ucs2).alphabet == .ucs2)
    }

    @Test(
        "How many messages",
        arguments: [
            ("", .gsm, 1), (String(repeating: "a", count: 160), .gsm, 1), (String(repeating: "a", count: 161), .gsm, 2),
            (String(repeating: "a", count: 306), .gsm, 2), (String(repeating: "a", count: 307), .gsm, 3),
            (String(repeating: "€", count: 80), .gsm, 1), (String(repeating: "€", count: 81), .gsm, 2),
            (String(repeating: "€", count: 152), .gsm, 2),  // 76 a part: an escape would be torn from what it escapes
            (String(repeating: "€", count: 153), .gsm, 3),
            (String(repeating: "你", count: 70), .ucs2, 1), (String(repeating: "你", count: 71), .ucs2, 2),
            (String(repeating: "你", count: 134), .ucs2, 2), (String(repeating: "你", count: 135), .ucs2, 3),
            (String(repeating: "😀", count: 35), .ucs2, 1), (String(repeating: "😀", count: 36), .ucs2, 2),
            (String(repeating: "😀", count: 66), .ucs2, 2), (String(repeating: "😀", count: 67), .ucs2, 3),
        ] as [(String, TextAlphabet, Int)])
    func count(text: String, alphabet: TextAlphabet, count: Int) throws {
        let encoded = try EncodedText(text, reference: 9)
        #expect(encoded.alphabet == alphabet)
        #expect(encoded.parts.count == count)
        #expect(EncodedText.count(text) == count)
        #expect(encoded.messageClass == (count > 1 ? .withHeader : .plain))
    }

    @Test("The header: 8-bit reference, how many, which (3GPP TS 23.040 section 9.2.3.24.1)")
    func header() throws {
        let encoded = try EncodedText(String(repeating: "a", count: 161), reference: 0xAB)
        #expect(encoded.parts.map { Array($0.prefix(6)) } == [[5, 0, 3, 0xAB, 2, 1], [5, 0, 3, 0xAB, 2, 2]])
        #expect(encoded.parts.map(\.count) == [159, 14])
    }

    @Test("255 parts and no more")
    func tooMany() throws {
        #expect(try EncodedText(String(repeating: "a", count: 153 * 255), reference: 0).parts.count == 255)
        #expect(throws: SMPPError.tooManyParts) {
            try EncodedText(String(repeating: "a", count: 153 * 255 + 1), reference: 0)
        }
    }

    @Test("Whatever is sent in parts is read back whole", arguments: 0..<UInt64(40))
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let letters = Array(seed.isMultiple(of: 2) ? "abc€{é ^\n" : "你好a😀é𠮷")
        let count = Int.random(in: 0...500, using: &generator)
        let text = String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        let encoded = try EncodedText(text, reference: UInt8(seed))
        var read: [UserData] = []
        for part in encoded.parts {
            var message = ShortMessage(
                source: .none, destination: .none, coding: encoded.alphabet.coding, shortMessage: part)
            message.messageClass = encoded.messageClass
            #expect(part.count <= (encoded.alphabet == .gsm ? 160 : 140))
            read.append(try UserData(message))
        }
        #expect(read.compactMap(\.text).joined() == text)
        guard encoded.parts.count > 1 else { return }
        #expect(read.map(\.concatenation?.number) == (1...encoded.parts.count).map { UInt8($0) })
        #expect(Set(read.map(\.concatenation?.reference)) == [UInt16(seed)])
    }

    @Test(
        "Headers of others: a 16-bit reference, other elements, none, a part outside its whole",
        arguments: [
            ([6, 8, 4, 1, 2, 3, 2], Concatenation(reference: 0x0102, total: 3, number: 2)),
            ([9, 5, 2, 0, 1, 0, 3, 7, 2, 1], Concatenation(reference: 7, total: 2, number: 1)), ([0], nil),
            ([5, 0, 3, 7, 2, 3], nil), ([5, 0, 3, 7, 2, 0], nil),
        ] as [([UInt8], Concatenation?)])
    func otherHeaders(header: [UInt8], expected: Concatenation?) throws {
        var message = ShortMessage(
            source: .none, destination: .none, coding: .standard, shortMessage: header + Array("hi".utf8))
        message.messageClass = .withHeader
        #expect(try UserData(message).concatenation == expected)
        #expect(try UserData(message).text == "hi")
    }

    @Test("Refused headers", arguments: [[], [5, 0, 3, 7, 2], [4, 0, 3, 7, 2, 1], [1, 0]] as [[UInt8]])
    func refusedHeaders(content: [UInt8]) {
        var message = ShortMessage(source: .none, destination: .none, coding: .standard, shortMessage: content)
        message.messageClass = .withHeader
        #expect(throws: SMPPError.self) { try UserData(message) }
    }

    @Test("A part may be named by parameters instead (sections 5.3.2.22 to 5.3.2.24), all three of them")
    func segments() throws {
        let all = [
            OptionalParameter(.sarMessageReference, [1, 2]), .init(.sarTotalSegments, [3]),
            .init(.sarSegmentNumber, [2]),
        ]
        #expect(try OptionalParameters(all).segment == Concatenation(reference: 0x0102, total: 3, number: 2))
        #expect(try OptionalParameters(Array(all.dropLast())).segment == nil)
    }
}
