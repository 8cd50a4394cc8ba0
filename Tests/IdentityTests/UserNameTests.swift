// UserName: which spellings are one name, and which are none.

import Identity
import Testing

@Suite struct UserNameTests {
    @Test(
        "One name, however it is typed",
        arguments: [
            ("alice", "alice"),
            ("Alice", "alice"),
            ("ALICE", "alice"),
            ("  alice\t", "alice"),
            ("\u{3000}alice\u{A0}", "alice"),  // the space of a Chinese keyboard, the no-break space
            ("ａｌｉｃｅ", "alice"),  // full width
            ("ＡＬＩＣＥ１", "alice1"),
            ("ﾄﾖﾀ", "トヨタ"),  // half width
            ("ren\u{E9}", "ren\u{E9}"),
            ("rene\u{301}", "ren\u{E9}"),  // decomposed
            ("RENE\u{301}", "ren\u{E9}"),
            ("ÅSA", "åsa"),
            ("\u{212B}sa", "åsa"),  // the ångström sign
            ("ﬁona", "fiona"),  // a ligature
            ("Straße", "straße"),
            ("ЖЕНЯ", "женя"),
            ("ΜΑΡΙΑΣ", "μαριασ"),
            ("μαριας", "μαριασ"),  // the sigma at the end of a word
            ("陈小明", "陈小明"),
            ("a.b-c_d+e@firm.example", "a.b-c_d+e@firm.example"),
            ("o'neil", "o'neil"),
            ("u1234567", "u1234567"),
        ])
    func oneName(typed: String, text: String) throws {
        let name = try UserName(typed)
        // Swift compares strings by canonical equivalence; a database does not.
        #expect(Array(name.text.unicodeScalars) == Array(text.unicodeScalars))
        #expect(try UserName(name.text) == name)
        #expect("\(name)" == text)
    }

    @Test("Different names stay different", arguments: [("alice", "alíce"), ("a", "а"), ("strasse", "straße")])
    func different(left: String, right: String) throws {
        #expect(try UserName(left) != UserName(right))
    }

    @Test("Empty", arguments: ["", " ", "\t", " \u{3000}\u{A0} "])
    func empty(typed: String) {
        #expect(throws: UserNameError.empty) { try UserName(typed) }
    }

    @Test(
        "Forbidden characters",
        arguments: [
            "al\u{0}ice", "al\nice", "alice\n", "alice\r\n", "al\tice", "al\u{7F}ice", "al\u{9F}ice",  // control
            "al ice", "al\u{A0}ice", "al\u{3000}ice", "al\u{2028}ice", "al\u{2029}ice",  // white space inside
            "al\u{200B}ice", "al\u{200C}ice", "al\u{200D}ice", "al\u{2060}ice", "al\u{FEFF}ice",  // zero width
            "\u{200B}alice", "alice\u{200B}", "\u{FEFF}alice",
            "al\u{AD}ice", "al\u{202E}ice", "al\u{2066}ice",  // soft hyphen, directions
            "al\u{34F}ice", "al\u{FE0F}ice", "al\u{E0100}ice", "al\u{180B}ice",  // marks that nobody sees
            "al\u{115F}ice", "al\u{3164}ice", "al\u{FFA0}ice", "al\u{17B4}ice",  // letters that nobody sees
            "al\u{E000}ice", "al\u{378}ice", "al\u{FFFF}ice", "al\u{E0041}ice",  // private, unassigned, tags
            "al\u{FDFA}ice",  // its compatibility form has spaces
        ])
    func forbidden(typed: String) {
        #expect(throws: UserNameError.forbiddenCharacter) { try UserName(typed) }
    }

    @Test("The longest, counted in the form that is compared")
    func longest() throws {
        #expect(UserName.longest == 128)
        #expect(try UserName(String(repeating: "a", count: 128)).text.count == 128)
        #expect(try UserName(String(repeating: "e\u{301}", count: 128)).text.count == 128)
        #expect(try UserName("   " + String(repeating: "a", count: 128) + "   ").text.count == 128)
        #expect(throws: UserNameError.tooLong) { try UserName(String(repeating: "a", count: 129)) }
        #expect(throws: UserNameError.tooLong) { try UserName(String(repeating: "ﬁ", count: 65)) }
        #expect(throws: UserNameError.tooLong) { try UserName("a" + String(repeating: "\u{335}", count: 128)) }
    }

    @Test("A name's own text is the same name, whatever scalar it holds")
    func stable() throws {
        for value in UInt32(0)..<0x20000 {
            guard let scalar = Unicode.Scalar(value), let name = try? UserName(String(scalar)) else { continue }
            let again = try? UserName(name.text)
            guard again?.text.unicodeScalars.elementsEqual(name.text.unicodeScalars) == true else {
                Issue.record("U+\(String(value, radix: 16)) gives \(name.text.unicodeScalars.map(\.value))")
                continue
            }
        }
    }
}
