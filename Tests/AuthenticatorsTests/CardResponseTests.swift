// CardResponse and CardSuite: what is read, and what is refused before anything is compared.

import Authenticators
import OTP
import Testing

@Suite struct CardResponseTests {
    private func suite() throws -> CardSuite { try CardSuite("OCRA-1:HOTP-SHA256-8:QN06-PSHA1") }

    @Test(
        "However people group the digits",
        arguments: [
            "90187643", " 90187643 ", "9018 7643", "90 18 76 43", "9018-7643", "9018\u{2013}7643",  // en dash
            "9018\u{2014}7643", "9018\u{2011}7643", "9018\u{2212}7643",  // em dash, no-break hyphen, minus
            "9018\u{A0}7643", "9018\u{202F}7643", "9018\u{3000}7643", "90187643\r\n", "\t9018\t7643", "-90187643",
        ])
    func accepted(typed: String) throws {
        #expect(try CardResponse(typed, for: suite()).digits == "90187643")
    }

    @Test("Zeros in front belong to it")
    func zeros() throws {
        #expect(try CardResponse("0000 0001", for: suite()).digits == "00000001")
    }

    @Test("Missing", arguments: ["", " ", "-", " - \u{2013} \u{3000}", "\n"])
    func missing(typed: String) throws {
        #expect(throws: TypedDigitsError.missing) { try CardResponse(typed, for: suite()) }
    }

    @Test(
        "Malformed",
        arguments: [
            "9018764", "901876430", "0", "9018764a", "9018764３", "９０１８７６４３",  // full width
            "٩٠١٨٧٦٤٣", "९०१८७६४३", "9018764\u{1D7D1}", "+90187643", "9018.7643", "9018_7643", "9018,7643",
            "90187643\u{0}", "90187643\u{200B}", "9018764\u{663}", "90187643\u{301}", "⑨0187643",
            "90187643" + String(repeating: " ", count: 57),  // 65 bytes
            String(repeating: " ", count: 65), String(repeating: "9", count: 100_000),
        ])
    func malformed(typed: String) throws {
        #expect(throws: TypedDigitsError.malformed(digits: 8)) { try CardResponse(typed, for: suite()) }
    }

    @Test("64 bytes are read still")
    func longest() throws {
        let typed = "90187643" + String(repeating: " ", count: 56)
        #expect(try CardResponse(typed, for: suite()).digits == "90187643")
    }

    @Test(
        "The card suites",
        arguments: [("OCRA-1:HOTP-SHA256-8:QN06-PSHA1", 6), ("OCRA-1:HOTP-SHA256-8:QN08-PSHA1", 8)])
    func suites(text: String, length: Int) throws {
        let suite = try CardSuite(text)
        #expect(suite.ocra.text == text)
        #expect(suite.ocra.question.length == length)
        #expect(suite.ocra.digits == 8)
        #expect(CardSuite.supported.contains(text))
    }

    @Test(
        "Refused suites",
        arguments: [
            "", "nonsense", "OCRA-1:HOTP-SHA256-8:QN06", "OCRA-1:HOTP-SHA256-8:QN06-PSHA1 ",
            "ocra-1:hotp-sha256-8:qn06-psha1",
            "OCRA-1:HOTP-SHA256-8:QN06-PSHA256",  // good OCRA, and yet none of ours
            "OCRA-1:HOTP-SHA1-6:QN08", "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1", "OCRA-1:HOTP-SHA256-8:QA08-PSHA1",
            "OCRA-1:HOTP-SHA256-8:QN06-PSHA1-T1M", "OCRA-1:HOTP-SHA256-8:QN64-PSHA1",
            "OCRA-1:HOTP-SHA256-8:QN10-PSHA1",
        ])
    func refusedSuites(text: String) {
        #expect(throws: CardSuiteError.notACardSuite(text)) { try CardSuite(text) }
    }
}
