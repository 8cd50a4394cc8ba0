import Authenticators
import Encodings
import OTP
import PSKC
import Testing
import Time

@testable import CardFiles

@Suite("Cards in PSKC")
struct PSKCCardTests {
    static let suite = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"

    /// A card's package, plain. Every part can be exchanged.
    static func entry(
        id: String = "K1", device: String = "<SerialNo>CS-1000</SerialNo>", algorithm: String = PSKCKey.ocra,
        parameters: String = "<Suite>\(Self.suite)</Suite>", key: [UInt8] = [UInt8](repeating: 7, count: 32),
        policy: String = ""
    ) -> String {
        """
        <KeyPackage><DeviceInfo>\(device)</DeviceInfo><Key Id="\(id)" Algorithm="\(algorithm)"><Issuer>Firm</Issuer>
        <AlgorithmParameters>\(parameters)</AlgorithmParameters>
        <Data><Secret><PlainValue>\(Base64.encode(key))</PlainValue></Secret></Data>\(policy)</Key></KeyPackage>
        """
    }

    static func pin(_ pin: String, id: String = "P1", serial: String = "CS-1000") -> String {
        """
        <KeyPackage><DeviceInfo><SerialNo>\(serial)</SerialNo></DeviceInfo><Key Id="\(id)" Algorithm="\(PSKCKey.pin)">
        <Data><Secret><PlainValue>\(Base64.encode(pin.utf8))</PlainValue></Secret></Data></Key></KeyPackage>
        """
    }

    static func file(_ packages: String...) throws -> CardFile {
        let text =
            "<KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'>\n"
            + packages.joined(separator: "\n") + "\n</KeyContainer>"
        return try CardFile(reading: ByteSource(Array(text.utf8)))
    }

    static func fault(_ packages: String) throws -> CardFault? {
        let error = try #require(throws: CardFileError.self) { try Self.file(packages) }
        guard case .card(let fault) = error.reason else { return nil }
        #expect(error.line >= 2 && !"\(error)".isEmpty)
        return fault
    }

    @Test("A card with all that can be said of it")
    func whole() throws {
        let device = """
            <Manufacturer>Maker</Manufacturer><SerialNo>CS-1000</SerialNo><Model>M1</Model>
            <StartDate>2026-01-01T00:00:00Z</StartDate><ExpiryDate>2031-01-01T00:00:00Z</ExpiryDate>
            """
        let policy = """
            <Policy><StartDate>2026-02-01T00:00:00Z</StartDate><ExpiryDate>2030-01-01T00:00:00Z</ExpiryDate>
            <PINPolicy PINKeyId="P1" PINUsageMode="Algorithmic" MaxFailedAttempts="5" MinLength="4" MaxLength="6"
            PINEncoding="DECIMAL"/><KeyUsage>CR</KeyUsage></Policy>
            """
        let parameters = """
            <Suite>\(Self.suite)</Suite><ChallengeFormat Encoding="DECIMAL" Min="6" Max="6"/>
            <ResponseFormat Encoding="DECIMAL" Length="8"/>
            """
        let file = try Self.file(
            Self.pin("12345"), Self.entry(device: device, parameters: parameters, policy: policy))
        let card = try #require(file.cards.first)
        #expect(file.cards.count == 1 && file.isPlain && file.format == .pskc(.none) && !file.isSigned)
        #expect(card.serial.text == "CS-1000" && card.suite.ocra.text == Self.suite && card.pin == "12345")
        #expect(card.key == [UInt8](repeating: 7, count: 32) && card.line == 4)
        #expect(card.manufacturer == "Maker" && card.model == "M1" && card.issuer == "Firm")
        #expect(
            card.starts?.rfc3339 == "2026-02-01T00:00:00.000Z" && card.expires?.rfc3339 == "2030-01-01T00:00:00.000Z")
        #expect(card.pinPolicy == CardPINPolicy(lengths: 4...6, maximumFailures: 5))
    }

    @Test("A card with as little as can be said", arguments: CardSuite.supported)
    func little(suite: String) throws {
        let file = try Self.file(Self.entry(parameters: "<Suite>\(suite)</Suite>"))
        let card = try #require(file.cards.first)
        #expect(card.suite.ocra.text == suite && card.pin == nil && card.pinPolicy == .standard)
        #expect(card.starts == nil && card.expires == nil && card.manufacturer == nil)
    }

    static func policy(_ text: String) -> String { entry(policy: "<Policy>\(text)</Policy>") }

    static let refusals: [(String, CardFault)] = [
        (entry(device: "<Model>M</Model>"), .missing("SerialNo")),
        (entry(device: "<SerialNo>123</SerialNo>"), .malformedSerial),
        (entry(device: "<SerialNo>CS-é100</SerialNo>"), .malformedSerial),
        (entry(device: "<SerialNo>\(String(repeating: "1", count: 65))</SerialNo>"), .malformedSerial),
        (entry(algorithm: PSKCKey.hotp), .notOCRA), (entry(parameters: ""), .missing("Suite")),
        (entry(parameters: "<Suite>OCRA-1:HOTP-SHA1-6:QN08</Suite>"), .unsupportedSuite("OCRA-1:HOTP-SHA1-6:QN08")),
        (entry(parameters: "<Suite>070707</Suite>"), .unsupportedSuite(nil)),
        (
            entry(parameters: "<Suite>\(suite)</Suite><ChallengeFormat Encoding='DECIMAL' Min='8' Max='8'/>"),
            .formatContradictsSuite("ChallengeFormat")
        ),
        (
            entry(parameters: "<Suite>\(suite)</Suite><ChallengeFormat Encoding='HEXADECIMAL' Min='6' Max='6'/>"),
            .formatContradictsSuite("ChallengeFormat")
        ),
        (
            entry(
                parameters:
                    "<Suite>\(suite)</Suite><ChallengeFormat Encoding='DECIMAL' Min='6' Max='6' CheckDigits='true'/>"),
            .formatContradictsSuite("ChallengeFormat")
        ),
        (
            entry(parameters: "<Suite>\(suite)</Suite><ResponseFormat Encoding='DECIMAL' Length='6'/>"),
            .formatContradictsSuite("ResponseFormat")
        ),
        (
            entry(parameters: "<Suite>\(suite)</Suite><ResponseFormat Encoding='DECIMAL' Length='8' CheckDigit='1'/>"),
            .formatContradictsSuite("ResponseFormat")
        ),
        (entry(key: [UInt8](repeating: 7, count: 15)), .keyLength(15)),
        (entry(key: [UInt8](repeating: 7, count: 65)), .keyLength(65)),
        (policy("<KeyUsage>OTP</KeyUsage>"), .usage),
        (policy("<NumberOfTransactions>9</NumberOfTransactions>"), .transactions),
        (
            policy("<StartDate>2026-01-02T00:00:00Z</StartDate><ExpiryDate>2026-01-01T00:00:00Z</ExpiryDate>"),
            .expiresBeforeStart
        ),
        (policy("<PINPolicy PINUsageMode='Local'/>"), .pinMode),
        (policy("<PINPolicy PINUsageMode='Append'/>"), .pinMode),
        (policy("<PINPolicy PINEncoding='ALPHANUMERIC'/>"), .pinEncoding),
        (policy("<PINPolicy MinLength='9'/>"), .pinLengths),
        (policy("<PINPolicy MaxLength='3'/>"), .pinLengths),
        (policy("<PINPolicy MinLength='6' MaxLength='5'/>"), .pinLengths),
        (policy("<PINPolicy PINKeyId='P1'/>"), .missingPINKey("P1")),
        (policy("<PINPolicy PINKeyId='P1'/>") + pin("1234", serial: "CS-2000"), .missingPINKey("P1")),
        (policy("<PINPolicy PINKeyId='P1'/>") + pin("123"), .malformedPIN(lengths: 4...8)),
        (policy("<PINPolicy PINKeyId='P1'/>") + pin("123456789"), .malformedPIN(lengths: 4...8)),
        (policy("<PINPolicy PINKeyId='P1'/>") + pin("12a4"), .malformedPIN(lengths: 4...8)),
        (policy("<PINPolicy PINKeyId='P1'/>") + pin("１２３４"), .malformedPIN(lengths: 4...8)),
        (policy("<PINPolicy PINKeyId='P1' MinLength='6'/>") + pin("12345"), .malformedPIN(lengths: 6...8)),
        (entry() + pin("1234"), .strayPINKey),
        (entry() + "\n" + entry(id: "K2"), .duplicateSerial("CS-1000", firstLine: 2)),
    ]

    @Test("Refused, with the line", arguments: refusals.indices)
    func refused(index: Int) throws {
        let (packages, fault) = Self.refusals[index]
        #expect(try Self.fault(packages) == fault)
    }

    @Test("Keys as long as a card's may be", arguments: [16, 20, 32, 64])
    func keys(count: Int) throws {
        #expect(try Self.file(Self.entry(key: [UInt8](repeating: 1, count: count))).cards.first?.key.count == count)
    }

    @Test("No package at all, or none with a key")
    func none() throws {
        #expect(
            try #require(throws: CardFileError.self) { try Self.file("") }.reason
                == .pskc(.missingElement("KeyPackage")))
        #expect(try Self.fault("<KeyPackage/>") == .missing("Key"))
    }

    @Test("A file that begins in any of these ways is PSKC", arguments: ["\u{FEFF}", " \n\t", ""])
    func beginnings(start: String) throws {
        let error = try #require(throws: CardFileError.self) {
            try CardFile(reading: ByteSource(Array((start + "<x/>").utf8)))
        }
        #expect(error.reason == .pskc(.notPSKC))
    }

    @Test("A record shows its serial number alone")
    func hidden() throws {
        let policy = "<Policy><PINPolicy PINKeyId='P1'/></Policy>"
        let file = try Self.file(
            Self.entry(key: [UInt8](repeating: 219, count: 32), policy: policy), Self.pin("87654321"))
        var dumped = ""
        dump(file, to: &dumped)
        for text in [dumped, "\(file)", String(reflecting: file)] {
            #expect(text.contains("CS-1000") && !text.contains("219") && !text.contains("87654321"))
        }
    }
}
