import Encodings
import Testing
import Time

@testable import PSKC
@testable import XML

@Suite("Containers, part by part")
struct StructureTests {
    @Test(
        "What is no container",
        arguments: [
            ("", .xml(.noRoot)), ("serial,key", .xml(.noRoot)), ("<KeyContainer Version='1.0'/>", .notPSKC),
            ("<KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc:1.0'/>", .notPSKC),
            ("<KeyPackage xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>", .notPSKC),
            ("<\u{212A}eyContainer Version='1.0'/>", .xml(.malformedName)),
            ("<KeyContainer xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>", .unsupportedVersion),
            ("<KeyContainer Version='2.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>", .unsupportedVersion),
            (
                "<KeyContainer Version='1.0' x='' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>",
                .unexpectedAttribute("x")
            ),
            (
                "<KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>",
                .missingElement("KeyPackage")
            ),
            (
                "<!DOCTYPE KeyContainer><KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>",
                .xml(.documentType)
            ),
        ] as [(String, PSKCError.Reason)])
    func noContainer(text: String, reason: PSKCError.Reason) throws {
        #expect(try #require(throws: PSKCError.self) { try FigureTests.read(text) }.reason == reason)
    }

    @Test("A bomb of entities is refused before it is anything")
    func billionLaughs() throws {
        let entities = (1...9).map { "<!ENTITY l\($0) '\(String(repeating: "&l\($0 - 1);", count: 10))'>" }.joined()
        let text =
            "<!DOCTYPE k [<!ENTITY l0 'ha'>\(entities)]>\n"
            + Figures.basic.dropFirst(39)
            .replacing("Issuer-A", with: "&l9;")
        #expect(try #require(throws: PSKCError.self) { try FigureTests.read(text) }.reason == .xml(.documentType))
    }

    static let changes: [(String, String, PSKCError.Reason)] = [
        ("<PlainValue>MTIzNDU2", "<PlainValue>MTIzN*U2", .malformed("PlainValue")),
        ("<PlainValue>MTIzNDU2", "<PlainValue>MTIzNDU", .malformed("PlainValue")),
        ("OTA=", "OTA", .malformed("PlainValue")), ("OTA=", "OTB=", .malformed("PlainValue")),
        ("OTA=", "OTA==", .malformed("PlainValue")), ("OTA=", "OTA=AAAA", .malformed("PlainValue")),
        ("OTA=", "OT\u{A0}A=", .malformed("PlainValue")), ("OTA=", "<b/>OTA=", .unexpectedElement("b")),
        ("<PlainValue>0<", "<PlainValue>+0<", .malformed("PlainValue")),
        ("<PlainValue>0<", "<PlainValue>x<", .malformed("PlainValue")),
        ("<PlainValue>0<", "<PlainValue><", .malformed("PlainValue")),
        ("<PlainValue>0<", "<PlainValue>9223372036854775808<", .malformed("PlainValue")),
        ("<PlainValue>0</PlainValue>", "", .missingElement("PlainValue")),
        (
            "<PlainValue>0</PlainValue>", "<PlainValue>0</PlainValue><PlainValue>0</PlainValue>",
            .repeatedElement("PlainValue")
        ),
        ("<Counter>", "<Counter x='1'>", .unexpectedAttribute("x")), ("<Counter>", "<Counter>x", .strayText("Counter")),
        ("<Counter>", "<Secret><PlainValue>AAAA</PlainValue></Secret><Counter>", .repeatedElement("Secret")),
        ("<Counter>", "<Sceret/><Counter>", .unexpectedElement("Sceret")),
        ("<Data>", "<Data/><Data>", .repeatedElement("Data")),
        ("<Issuer>Issuer<", "<Issuer><", .malformed("Issuer")),
        ("<Issuer>Issuer<", "<Issuer>a\u{202E}b<", .malformed("Issuer")),
        ("<Issuer>Issuer<", "<Issuer>a\nb<", .malformed("Issuer")),
        ("<Issuer>Issuer<", "<Issuer>\(String(repeating: "x", count: 257))<", .malformed("Issuer")),
        ("<Issuer>", "<Foo/><Issuer>", .unexpectedElement("Foo")),
        ("<Issuer>", "<x:Issuer xmlns:x='urn:x'/><Issuer>", .unexpectedElement("Issuer")),
        ("Id=\"12345678\"", "Id=\"\"", .malformed("Id")),
        ("Id=\"12345678\"", "Id=\"1\" Ix=\"2\"", .unexpectedAttribute("Ix")),
        ("</Key>", "</Key><Key Id='2'/>", .repeatedElement("Key")), ("<Id>CM_ID_001</Id>", "", .missingElement("Id")),
        ("Encoding=\"DECIMAL\"", "", .missingAttribute("Encoding")), ("DECIMAL", "decimal", .malformed("Encoding")),
        ("Length=\"8\"", "", .missingAttribute("Length")), ("Length=\"8\"", "Length=\"-8\"", .malformed("Length")),
        ("Length=\"8\"", "Length=\"8\" CheckDigits=\"yes\"", .malformed("CheckDigits")),
        ("<ResponseFormat", "<ChallengeFormat Encoding='DECIMAL' Min='4'/><ResponseFormat", .missingAttribute("Max")),
        ("<ResponseFormat", "<ChallengeFormat Encoding='DECIMAL' Max='4'/><ResponseFormat", .missingAttribute("Min")),
        ("<ResponseFormat", "<ChallengeFormat Encoding='DECIMAL' Min='5' Max='4'/><ResponseFormat", .malformed("Min")),
        ("<SerialNo>987654321<", "<SerialNo><", .malformed("SerialNo")),
        ("<SerialNo>", "<SerialNo>1</SerialNo><SerialNo>", .repeatedElement("SerialNo")),
        ("</DeviceInfo>", "<StartDate>2026-02-29T00:00:00Z</StartDate></DeviceInfo>", .malformed("StartDate")),
        ("</KeyPackage>", "</KeyPackage><Junk/>", .unexpectedElement("Junk")),
        ("</KeyPackage>", "</KeyPackage>x", .xml(.malformedMarkup)),
        ("</KeyPackage>", "", .xml(.unmatchedEndTag)),
    ]

    @Test("One thing changed", arguments: changes.indices)
    func changed(index: Int) throws {
        let (from, to, reason) = Self.changes[index]
        #expect(Figures.supplementary.contains(from))
        let text = Figures.supplementary.replacing(from, with: to)
        #expect(try #require(throws: PSKCError.self) { try FigureTests.read(text) }.reason == reason, "\(to)")
    }

    @Test("The same Id twice, and on which line")
    func duplicateID() throws {
        let text = Figures.bulk.replacing("Id=\"3\"", with: "Id=\"1\"")
        let error = try #require(throws: PSKCError.self) { try FigureTests.read(text) }
        #expect(error.reason == .duplicateID("1") && error.line == 16)
    }

    @Test("Cut off anywhere, it gives nothing")
    func truncated() throws {
        for text in [Figures.bulk, Figures.sharedKey] {
            let bytes = Array(text.utf8)
            for count in bytes.indices {
                #expect(throws: PSKCError.self) {
                    try PSKCDocument(
                        reading: ByteSource(Array(bytes[..<count])), with: .sharedKey(Figures.sharedKeyBytes))
                }
            }
        }
    }

    @Test(
        "Policies that are not known refuse the file (section 5)",
        arguments: [
            ("<NoWeekends/>", .unknownPolicy("NoWeekends")), ("<x:Geo xmlns:x='urn:x'/>", .unknownPolicy("Geo")),
            ("<Extensions/>", .unknownPolicy("Extensions")),
            ("<KeyUsage>Telepathy</KeyUsage>", .unknownPolicy("KeyUsage")),
            ("<KeyUsage>cr</KeyUsage>", .unknownPolicy("KeyUsage")),
            ("<KeyUsage>\u{212A}eyWrap</KeyUsage>", .unknownPolicy("KeyUsage")),
            ("<PINPolicy PINUsageMode='Guess'/>", .unknownPolicy("PINUsageMode")),
            ("<PINPolicy Colour='red'/>", .unknownPolicy("Colour")),
            ("<PINPolicy xmlns:x='urn:x' x:Colour='red'/>", .unknownPolicy("Colour")),
            ("<PINPolicy><x/></PINPolicy>", .unknownPolicy("x")),
            ("<PINPolicy PINEncoding='MORSE'/>", .unknownPolicy("PINEncoding")),
            ("<PINPolicy MinLength='x'/>", .malformed("MinLength")),
            ("<PINPolicy MinLength='99999999'/>", .malformed("MinLength")),
            ("<PINPolicy/><PINPolicy/>", .repeatedElement("PINPolicy")),
            ("<NumberOfTransactions>-1</NumberOfTransactions>", .malformed("NumberOfTransactions")),
            ("<StartDate>soon</StartDate>", .malformed("StartDate")), ("<StartDate/>", .malformed("StartDate")),
            ("<ExpiryDate>2026-01-01</ExpiryDate>", .malformed("ExpiryDate")), ("only text", .strayText("Policy")),
        ] as [(String, PSKCError.Reason)])
    func unknownPolicy(policy: String, reason: PSKCError.Reason) throws {
        for cipher in [Container.Cipher.plain, .aes256] {
            var container = Container(cipher)
            container.policy = "<Policy>\(policy)</Policy>"
            #expect(try container.refusal() == reason)
        }
    }

    @Test("Policies that are known")
    func knownPolicy() throws {
        var container = Container()
        container.policy = """
            <Policy><NumberOfTransactions>7</NumberOfTransactions><KeyUsage>CR</KeyUsage><KeyUsage>OTP</KeyUsage>
            <StartDate>2026-01-31T09:30:00+08:00</StartDate><ExpiryDate>2026-12-31T00:00:00</ExpiryDate>
            <PINPolicy MinLength='4' MaxLength='8' MaxFailedAttempts='5' PINUsageMode='Algorithmic' PINEncoding='DECIMAL'/></Policy>
            """
        let policy = try #require(try container.document().packages.first?.key?.policy)
        #expect(policy.transactions == 7 && policy.usages == [.challengeResponse, .otp])
        #expect(
            policy.starts?.rfc3339 == "2026-01-31T01:30:00.000Z"
                && policy.expires?.rfc3339 == "2026-12-31T00:00:00.000Z")
        #expect(policy.pin?.mode == .algorithmic && policy.pin?.maximumFailures == 5 && policy.pin?.longest == 8)
        container.policy = "<Policy/>"
        #expect(try container.document().packages.first?.key?.policy?.usages == [])
        for usage in PSKCKeyUsage.allCases {
            container.policy = "<Policy><KeyUsage>\(usage.rawValue)</KeyUsage></Policy>"
            #expect(try container.document().packages.first?.key?.policy?.usages == [usage])
        }
    }

    @Test("Extensions, comments and attributes of others are passed over")
    func extensions() throws {
        var container = Container()
        container.inKey = """
            <Extensions definition="urn:x"><x:y xmlns:x="urn:x">z</x:y></Extensions><!-- <Issuer>no</Issuer> -->
            <AlgorithmParameters><Suite>OCRA-1:HOTP-SHA256-8:QN06-PSHA1</Suite>
            <ChallengeFormat Encoding="DECIMAL" Min="6" Max="6" CheckDigits="false"/></AlgorithmParameters>
            <FriendlyName xml:lang="en">A card</FriendlyName><FriendlyName xml:lang="zh">卡</FriendlyName>
            """
        container.inPackage += "<Extensions/>"
        container.attributes += " xmlns:x=\"urn:x\" x:colour=\"red\""
        container.ending = "<Extensions/>"
        let key = try #require(try container.document().packages.first?.key)
        #expect(
            key.friendlyName == "A card" && key.issuer == nil
                && key.parameters.suite == "OCRA-1:HOTP-SHA256-8:QN06-PSHA1")
        #expect(key.parameters.challenge?.shortest == 6 && key.parameters.challenge?.hasCheckDigit == false)
    }

    @Test("A secret neither prints nor mirrors itself")
    func hidden() throws {
        let document = try FigureTests.read(Figures.withPIN)
        var dumped = ""
        dump(document, to: &dumped)
        for text in [dumped, "\(document)", String(reflecting: document), "\(PSKCCredential.password("qwerty"))"] {
            #expect(!text.contains("49") && !text.contains("1234567890") && !text.contains("qwerty"))
        }
    }

    @Test("Progress is told, and the whole is read in pieces")
    func progress() throws {
        var container = Container()
        container.secrets = (0..<2500).map { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let bytes = Array(try container.text().utf8)
        var (rest, steps) = (bytes[...], [PSKCProgress]())
        let source = ByteSource {
            defer { rest = rest.dropFirst(1000) }
            return Array(rest.prefix(1000))
        }
        let document = try PSKCDocument(reading: source) { steps.append($0) }
        #expect(document.packages.map { $0.key?.secret?.bytes } == container.secrets)
        #expect(steps.map(\.packages) == [1000, 2000])
        #expect(steps.map(\.bytes) == steps.map(\.bytes).sorted() && (steps.last?.bytes ?? .max) <= bytes.count)
    }
}
