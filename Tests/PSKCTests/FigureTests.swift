import Encodings
import PSKC
import Testing
import Time

@Suite("The figures of RFC 6030")
struct FigureTests {
    static func read(_ text: String, with credential: PSKCCredential? = nil) throws -> PSKCDocument {
        try PSKCDocument(reading: ByteSource(Array(text.utf8)), with: credential)
    }

    static let digits20 = Array("12345678901234567890".utf8)

    @Test("Figure 2: a plain key")
    func basic() throws {
        let document = try Self.read(Figures.basic)
        let key = try #require(document.packages.first?.key)
        #expect(document.id == "exampleID1" && document.protection == .none && document.holdsPlainSecrets)
        #expect(key.id == "12345678" && key.algorithm == PSKCKey.hotp && key.issuer == "Issuer-A")
        #expect(key.secret?.bytes == Array("1234".utf8) && key.policy == nil)
    }

    @Test("Figure 3: what is said beside the key")
    func supplementary() throws {
        let package = try #require(try Self.read(Figures.supplementary).packages.first)
        let (device, key) = (try #require(package.device), try #require(package.key))
        #expect(device.manufacturer == "Manufacturer" && device.serial == "987654321")
        #expect(device.userID == "DC=example-bank,DC=net" && package.cryptoModule == "CM_ID_001")
        #expect(
            key.secret?.bytes == Self.digits20 && key.counter == 0 && key.userID == "UID=jsmith,DC=example-bank,DC=net")
        #expect(key.parameters.response?.encoding == .decimal && key.parameters.response?.length == 8)
        #expect(key.parameters.response?.hasCheckDigit == false && key.parameters.challenge == nil)
    }

    @Test("Figure 4: a key that is derived elsewhere")
    func derivation() throws {
        let document = try Self.read(Figures.derivation)
        let key = try #require(document.packages.first?.key)
        #expect(key.secret == nil && key.profileID == "keyProfile1" && key.reference == "MasterKeyLabel")
        #expect(key.policy?.usages == [.otp] && !document.holdsPlainSecrets)
    }

    @Test("Figure 5: a PIN and its policy")
    func pin() throws {
        let packages = try Self.read(Figures.withPIN).packages
        let policy = try #require(packages.first?.key?.policy?.pin)
        #expect(policy.keyID == "123456781" && policy.mode == .local && policy.encoding == .decimal)
        #expect(policy.shortest == 4 && policy.longest == 4 && policy.maximumFailures == nil)
        #expect(packages.last?.key?.algorithm == PSKCKey.pin)
        #expect(packages.last?.key?.secret?.bytes == Array("1234".utf8))
    }

    @Test("Figure 6: under a shared key")
    func sharedKey() throws {
        let document = try Self.read(Figures.sharedKey, with: .sharedKey(Figures.sharedKeyBytes))
        #expect(document.protection == .sharedKey(name: "Pre-shared-key") && !document.holdsPlainSecrets)
        #expect(document.packages.first?.key?.secret?.bytes == Self.digits20)
        #expect(document.packages.first?.key?.isSecretEncrypted == true)
    }

    @Test("Figure 7: under a password")
    func password() throws {
        let document = try Self.read(Figures.password, with: .password("qwerty"))
        #expect(document.protection == .password(name: "My Password 1"))
        #expect(document.packages.first?.key?.secret?.bytes == Self.digits20)
    }

    @Test("Figure 8: under a certificate, which is not read; the error says so")
    func asymmetric() throws {
        for credential: PSKCCredential? in [nil, .password("qwerty"), .sharedKey(Figures.sharedKeyBytes)] {
            let error = try #require(throws: PSKCError.self) { try Self.read(Figures.asymmetric, with: credential) }
            #expect(error.reason == .asymmetricEncryption && error.line == 6)
            #expect("\(error)".contains("certificate"))
        }
    }

    @Test("Figure 9: a signature is noted, not checked")
    func signed() throws {
        let document = try Self.read(Figures.signed)
        #expect(document.isSigned && document.packages.count == 1)
        #expect(try !Self.read(Figures.basic).isSigned)
    }

    @Test("Figure 10: many, two of them in one device")
    func bulk() throws {
        let packages = try Self.read(Figures.bulk).packages
        #expect(packages.map { $0.device?.serial } == ["654321", "123456", "9999999", "9999999"])
        #expect(packages.allSatisfy { $0.key?.secret?.bytes == Self.digits20 })
        let policy = try #require(packages.first?.key?.policy)
        #expect(policy.starts?.rfc3339 == "2006-05-01T00:00:00.000Z")
        #expect(policy.expires?.rfc3339 == "2006-05-30T00:00:00.000Z")
    }
}
