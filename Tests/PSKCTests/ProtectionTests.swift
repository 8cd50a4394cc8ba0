import Encodings
import Testing

@testable import PSKC

@Suite("Encrypted containers")
struct ProtectionTests {
    static let ciphers = Container.Cipher.allCases.filter { $0 != .plain }
    static let chained: [Container.Cipher] = [.aes128, .aes192, .aes256]
    static let codes = [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha384", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
    ]

    @Test("Every cipher with every MAC", arguments: ciphers, codes)
    func opened(cipher: Container.Cipher, mac: String) throws {
        var container = Container(cipher)
        container.mac = mac
        container.secrets.append([UInt8](repeating: 9, count: 16))
        let document = try container.document()
        #expect(document.packages.map { $0.key?.secret?.bytes } == container.secrets)
        #expect(document.protection == .sharedKey(name: "K") && !document.holdsPlainSecrets)
    }

    @Test("A secret of any length comes out of its padding", arguments: [1, 15, 16, 17, 31, 32, 33, 64])
    func padding(count: Int) throws {
        var container = Container(.aes256)
        container.secrets = [(0..<UInt8(count)).map { $0 }]
        #expect(try container.document().packages.first?.key?.secret?.bytes == container.secrets[0])
    }

    @Test("A wrong key opens nothing", arguments: ciphers)
    func wrongKey(cipher: Container.Cipher) throws {
        let container = Container(cipher)
        var key = container.key
        key[0] ^= 1
        #expect(try container.refusal(with: .sharedKey(key)) == .wrongKeyOrDamaged)
        #expect(
            try container.refusal(with: .sharedKey(key + [1]))
                == .keyLength(expected: container.keyByteCount, given: container.keyByteCount + 1))
        #expect(try container.refusal(with: .password("qwerty")) == .sharedKeyNeeded(name: "K"))
    }

    @Test("Without any key")
    func noKey() throws {
        let shared = try #require(throws: PSKCError.self) { try FigureTests.read(Figures.sharedKey) }
        #expect(shared == PSKCError(line: 6, reason: .sharedKeyNeeded(name: "Pre-shared-key")))
        for credential: PSKCCredential? in [nil, .sharedKey(Figures.sharedKeyBytes), .password("")] {
            let password = try #require(throws: PSKCError.self) {
                try FigureTests.read(Figures.password, with: credential)
            }
            #expect(password.reason == .passwordNeeded(name: "My Password 1"))
        }
    }

    @Test("A wrong password", arguments: ["Qwerty", "qwerty ", "q"])
    func wrongPassword(password: String) throws {
        let error = try #require(throws: PSKCError.self) {
            try FigureTests.read(Figures.password, with: .password(password))
        }
        #expect(error.reason == .wrongKeyOrDamaged)
    }

    @Test("Every bit of every ciphertext and MAC counts, and the good keys before it stay back too", arguments: chained)
    func tampered(cipher: Container.Cipher) throws {
        var container = Container(cipher)
        container.secrets.append([UInt8](repeating: 9, count: 20))
        let good = try container.encrypted(container.secrets[1])
        for bit in 0..<good.count * 8 {
            var changed = good
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let (from, to) = (Base64.encode(good), Base64.encode(changed))
            let text = try container.text().replacing(from, with: to)
            let error = try #require(throws: PSKCError.self) { try FigureTests.read(text, with: container.credential) }
            #expect(error.reason == .wrongKeyOrDamaged)
        }
        let code = container.code(good)
        for index in code.indices {
            var changed = code
            changed[index] ^= 0x80
            let text = try container.text().replacing(Base64.encode(code), with: Base64.encode(changed))
            #expect(throws: PSKCError.self) { try FigureTests.read(text, with: container.credential) }
        }
    }

    @Test("A MAC that is shorter, longer, or missing", arguments: chained)
    func otherMAC(cipher: Container.Cipher) throws {
        var container = Container(cipher)
        let code = { [container] in container.code($0) }
        container.valueMAC = { "<ValueMAC>\(Base64.encode(code($0).prefix(10)))</ValueMAC>" }
        #expect(try container.refusal() == .wrongKeyOrDamaged)
        container.valueMAC = { "<ValueMAC>\(Base64.encode(code($0) + [0]))</ValueMAC>" }
        #expect(try container.refusal() == .wrongKeyOrDamaged)
        container.valueMAC = { _ in "" }
        #expect(try container.refusal() == .missingMAC)
        container.valueMAC = { _ in "<ValueMAC></ValueMAC>" }
        #expect(try container.refusal() == .malformed("ValueMAC"))
    }

    @Test("No method of making MACs, or one that says too little", arguments: chained)
    func methods(cipher: Container.Cipher) throws {
        var container = Container(cipher)
        for (method, reason) in [
            ("", .missingMACMethod), ("<MACMethod Algorithm=\"\(container.mac)\"/>", .missingMACKey),
            ("<MACMethod/>", .missingMACMethod),
            ("<MACMethod Algorithm=\"x\"/>", .unsupportedAlgorithm("x")),
            (
                "<MACMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-md5\"/>",
                .unsupportedAlgorithm("http://www.w3.org/2001/04/xmldsig-more#hmac-md5")
            ),
            (
                "<MACMethod Algorithm=\"\(container.mac)\"><MACKeyReference>K</MACKeyReference></MACMethod>",
                .unexpectedElement("MACKeyReference")
            ),
            (
                "<MACMethod Algorithm=\"\(container.mac)\"><MACKey>\(container.encryptedXML([1, 2]))</MACKey></MACMethod>",
                .wrongKeyOrDamaged
            ),
        ] as [(String, PSKCError.Reason)] {
            container.macMethod = method
            #expect(try container.refusal() == reason, "\(method)")
        }
        let short = container.encryptedXML(try container.encrypted([1, 2, 3]))
        container.macMethod = "<MACMethod Algorithm=\"\(container.mac)\"><MACKey>\(short)</MACKey></MACMethod>"
        #expect(try container.refusal() == .wrongKeyOrDamaged)
    }

    @Test("A wrapped key needs no MAC; if it has one, it must be right")
    func wrapped() throws {
        var container = Container(.wrap128)
        container.macMethod = "<MACMethod><MACKey>\(container.encryptedXML([1]))</MACKey></MACMethod>"
        #expect(try container.document().packages.count == 1)
        container.valueMAC = { _ in "<ValueMAC>AAAA</ValueMAC>" }
        #expect(try container.refusal() == .missingMACMethod)
        let macKey = container.encryptedXML(try container.encrypted(Array(Container.macKey.prefix(16))))
        container.macMethod = "<MACMethod Algorithm=\"\(container.mac)\"><MACKey>\(macKey)</MACKey></MACMethod>"
        #expect(try container.refusal() == .wrongKeyOrDamaged)
    }

    @Test("Bad padding is no other error than a wrong key", arguments: [0, 17, 255] as [UInt8])
    func badPadding(last: UInt8) throws {
        var container = Container(.aes128)
        let ciphertext = try container.encrypted(container.secrets[0], padding: last)
        let good = try container.text()
        let value = try container.value(container.secrets[0])
        let mac = "<ValueMAC>\(Base64.encode(container.code(ciphertext)))</ValueMAC>"
        let bad = good.replacing(
            value, with: "<EncryptedValue>\(container.encryptedXML(ciphertext))</EncryptedValue>\(mac)")
        container.secrets = []
        let error = try #require(throws: PSKCError.self) { try FigureTests.read(bad, with: container.credential) }
        #expect(error.reason == .wrongKeyOrDamaged)
    }

    @Test("Ciphers that are not read")
    func otherCiphers() throws {
        for (name, reason) in [
            ("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", nil),
            ("http://www.w3.org/2001/04/xmlenc#kw-tripledes", nil),
            ("http://www.w3.org/2009/xmlenc11#aes128-gcm", nil),
            ("http://www.w3.org/2001/04/xmldsig-more#camellia128-cbc", nil),
            ("aes128-cbc", nil), ("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", .asymmetricEncryption),
        ] as [(String, PSKCError.Reason?)] {
            let container = Container(.aes128)
            let text = try container.text().replacing(container.algorithm, with: name)
            let error = try #require(throws: PSKCError.self) { try FigureTests.read(text, with: container.credential) }
            #expect(error.reason == reason ?? .unsupportedAlgorithm(name))
        }
    }

    @Test("One cipher for all of a file (section 6)")
    func mixed() throws {
        let (one, other) = (Container(.aes128), Container(.wrap128))
        let value = try other.value([UInt8](repeating: 1, count: 16))
        let text = try one.text().replacing("</Data>", with: "<Counter>\(value)</Counter></Data>")
        let error = try #require(throws: PSKCError.self) { try FigureTests.read(text, with: one.credential) }
        #expect(error.reason == .mixedAlgorithms)
    }

    @Test("An encrypted number is its bytes")
    func numbers() throws {
        var container = Container(.aes128)
        container.data = "<Counter>\(try container.value([1, 0]))</Counter><Time>\(try container.value([5]))</Time>"
        let key = try container.document().packages.first?.key
        #expect(key?.counter == 256 && key?.time == 5)
        container.data = "<Counter>\(try container.value([UInt8](repeating: 1, count: 9)))</Counter>"
        #expect(try container.refusal() == .malformed("Counter"))
    }

    @Test("Where encryption is said, and where not")
    func places() throws {
        var container = Container(.aes128)
        let header = "<EncryptionKey><ds:KeyName>K</ds:KeyName></EncryptionKey>"
        container.encryptionKey = ""
        #expect(try container.refusal() == .missingEncryptionKey)
        container.macMethod = ""
        #expect(try container.refusal() == .missingEncryptionKey)
        container.encryptionKey = header + header
        #expect(try container.refusal() == .repeatedElement("EncryptionKey"))
        container = Container(.plain)
        container.ending = header
        #expect(try container.refusal() == .misplacedElement("EncryptionKey"))
        container.ending = "<MACMethod/>"
        #expect(try container.refusal() == .misplacedElement("MACMethod"))
        container.ending = ""
        container.encryptionKey = header
        #expect(try container.document().holdsPlainSecrets)
        container.macMethod = "<MACMethod/><MACMethod/>"
        #expect(try container.refusal() == .repeatedElement("MACMethod"))
        container.encryptionKey = "<EncryptionKey><ds:RetrievalMethod/></EncryptionKey>"
        #expect(try container.refusal() == .unexpectedElement("RetrievalMethod"))
        container.encryptionKey = "<EncryptionKey><xenc:EncryptedKey/></EncryptionKey>"
        #expect(try container.refusal() == .asymmetricEncryption)
    }

    @Test("A MAC on a plain value means nothing, and is refused")
    func plainMAC() throws {
        let text = Figures.basic.replacing("</Secret>", with: "<ValueMAC>AAAA</ValueMAC></Secret>")
        let error = try #require(throws: PSKCError.self) { try FigureTests.read(text) }
        #expect(error.reason == .macWithoutEncryption)
    }
}
