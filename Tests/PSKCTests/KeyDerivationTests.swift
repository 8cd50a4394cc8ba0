import Encodings
import Testing

@testable import PSKC

@Suite("Passwords")
struct KeyDerivationTests {
    static func refusal(_ from: String, _ to: String) throws -> PSKCError.Reason {
        #expect(Figures.password.contains(from))
        let text = Figures.password.replacing(from, with: to)
        return try #require(throws: PSKCError.self) { try FigureTests.read(text, with: .password("qwerty")) }.reason
    }

    @Test(
        "Who reads the file does the work: it is bounded",
        arguments: ["0", "1", "-1000", "999", "10000001", "4294968296"])
    func iterations(count: String) throws {
        let reason = try Self.refusal("<IterationCount>1000<", "<IterationCount>\(count)<")
        #expect(reason == .iterations(1000...10_000_000))
    }

    @Test(
        "What is no number",
        arguments: ["", "1e3", "+1000", "0x3e8", "1 000", "99999999999999999999", "１０００", "1000.0"])
    func noNumber(count: String) throws {
        #expect(try Self.refusal("<IterationCount>1000<", "<IterationCount>\(count)<") == .malformed("IterationCount"))
    }

    @Test("Salts", arguments: [0, 1, 7, 1025])
    func salt(count: Int) throws {
        let salt = Base64.encode([UInt8](repeating: 1, count: count))
        let reason = try Self.refusal("Ej7/PEpyEpw=", salt)
        #expect(reason == (count == 0 ? .malformed("Specified") : .saltLength(8...1024)))
    }

    @Test("Lengths of the key", arguments: ["0", "15", "20", "64", "-16"])
    func keyLength(count: String) throws {
        #expect(try Self.refusal("<KeyLength>16<", "<KeyLength>\(count)<") == .derivedKeyLength)
    }

    @Test("A length that is not the cipher's")
    func otherLength() throws {
        #expect(try Self.refusal("<KeyLength>16<", "<KeyLength>32<") == .keyLength(expected: 16, given: 32))
    }

    @Test(
        "What must be there, and what must not",
        arguments: [
            ("<KeyLength>16</KeyLength>", "", .missingElement("KeyLength")),
            ("<Salt>", "<Pepper/><Salt>", .unexpectedElement("Pepper")),
            ("<Specified>Ej7/PEpyEpw=</Specified>", "", .missingElement("Specified")),
            ("<PRF/>", "<PRF Algorithm=\"hmac-md5\"/>", .unsupportedAlgorithm("hmac-md5")),
            ("<PRF/>", "<PRF/><PRF/>", .repeatedElement("PRF")), ("<PRF/>", "<PRF><x/></PRF>", .unexpectedElement("x")),
            (
                "pkcs-5v2-0#pbkdf2", "pkcs-5v2-0#pbes2",
                .unsupportedAlgorithm("http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbes2")
            ),
        ] as [(String, String, PSKCError.Reason)])
    func parts(from: String, to: String, reason: PSKCError.Reason) throws {
        #expect(try Self.refusal(from, to) == reason)
    }

    @Test("Every function gives another key, so that the file does not open", arguments: ["224", "256", "384", "512"])
    func functions(bits: String) throws {
        let function = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha\(bits)"
        #expect(try Self.refusal("<PRF/>", "<PRF Algorithm=\"\(function)\"/>") == .wrongKeyOrDamaged)
        #expect(try Self.refusal("<PRF/>", "<PRF>\(function)</PRF>") == .wrongKeyOrDamaged)
        #expect(try Self.refusal("<PRF/>", "<PRF Algorithm=\"\(function)\">x</PRF>") == .strayText("PRF"))
    }

    @Test(
        "HMAC-SHA-1 by name is the default",
        arguments: ["http://www.w3.org/2009/xmlenc11#", "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5#"])
    func names(namespace: String) throws {
        let text = Figures.password.replacing(
            "<PRF/>", with: "<PRF Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"/>"
        )
        .replacing("http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2", with: namespace + "pbkdf2")
        #expect(try FigureTests.read(text, with: .password("qwerty")).packages.count == 1)
    }

    /// FIPS 180-4's examples, and RFC 4231 test cases 1, 2, 6 and 7.
    @Test(
        "SHA-224",
        arguments: [
            ("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"),
            ("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"
            ),
        ])
    func sha224(text: String, hash: String) { #expect(Hexadecimal.encode(SHA224.hash(Array(text.utf8))) == hash) }

    @Test("SHA-224 of a million letters")
    func sha224Long() {
        let hash = SHA224.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(Hexadecimal.encode(hash) == "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67")
    }

    @Test(
        "HMAC-SHA-224",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e"
            ),
        ])
    func hmac224(key: [UInt8], text: String, code: String) {
        #expect(Hexadecimal.encode(SHA224.authenticationCode(for: Array(text.utf8), key: key)) == code)
    }
}
