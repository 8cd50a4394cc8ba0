// Containers for tests, written by another hand than the reader: every part can be left out, changed or encrypted.

import Crypto
import CryptoExtras
import Encodings
import PSKC
import Testing

struct Container {
    enum Cipher: CaseIterable { case plain, aes128, aes192, aes256, wrap128, wrap192, wrap256 }

    var cipher = Cipher.plain
    var mac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
    var macMethod: String?
    var encryptionKey: String?
    var secrets: [[UInt8]] = [Array("the very first secret of them all".utf8.prefix(32))]
    var valueMAC: (([UInt8]) -> String)?
    var policy = ""
    var data = ""
    var inKey = ""
    var inPackage = "<DeviceInfo><SerialNo>S-1000</SerialNo></DeviceInfo>"
    var attributes = "Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:ocra\""
    var root = "Version=\"1.0\""
    var ending = ""

    init(_ cipher: Cipher = .plain) { self.cipher = cipher }

    static let macKey = Array("a key for the codes ".utf8)

    var keyByteCount: Int {
        switch self.cipher {
        case .plain, .aes128, .wrap128: 16
        case .aes192, .wrap192: 24
        case .aes256, .wrap256: 32
        }
    }

    var key: [UInt8] { (0..<UInt8(self.keyByteCount)).map { $0 &* 7 &+ 3 } }
    var credential: PSKCCredential { .sharedKey(self.key) }

    private var isWrap: Bool { [.wrap128, .wrap192, .wrap256].contains(self.cipher) }
    var algorithm: String {
        "http://www.w3.org/2001/04/xmlenc#" + (self.isWrap ? "kw-aes" : "aes") + "\(self.keyByteCount * 8)"
            + (self.isWrap ? "" : "-cbc")
    }

    func encrypted(_ bytes: [UInt8], padding: UInt8? = nil) throws -> [UInt8] {
        let key = SymmetricKey(data: self.key)
        if self.isWrap { return Array(try AES.KeyWrap.wrap(SymmetricKey(data: bytes), using: key)) }
        let vector = Array(Array(SHA256.hash(data: bytes)).prefix(16))
        let count = 16 - bytes.count % 16
        let padded = bytes + [UInt8](repeating: 0xA5, count: count - 1) + [padding ?? UInt8(count)]
        return vector
            + Array(
                try AES._CBC.encrypt(padded, using: key, iv: AES._CBC.IV(ivBytes: vector), noPadding: true))
    }

    /// By OpenSSL's own names, so that a slip in ours would show.
    func code(_ message: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: Self.macKey)
        return switch self.mac.split(separator: "-").last {
        case "sha256": Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case "sha384": Array(HMAC<SHA384>.authenticationCode(for: message, using: key))
        case "sha512": Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        default: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        }
    }

    func encryptedXML(_ ciphertext: [UInt8]) -> String {
        """
        <xenc:EncryptionMethod Algorithm="\(self.algorithm)"/>
        <xenc:CipherData><xenc:CipherValue>\(Base64.encode(ciphertext))</xenc:CipherValue></xenc:CipherData>
        """
    }

    func value(_ bytes: [UInt8]) throws -> String {
        guard self.cipher != .plain else { return "<PlainValue>\(Base64.encode(bytes))</PlainValue>" }
        let ciphertext = try self.encrypted(bytes)
        let mac =
            self.valueMAC?(ciphertext)
            ?? (self.isWrap ? "" : "<ValueMAC>\(Base64.encode(self.code(ciphertext)))</ValueMAC>")
        return "<EncryptedValue>\(self.encryptedXML(ciphertext))</EncryptedValue>\(mac)"
    }

    private func header() throws -> String {
        guard self.cipher != .plain else { return (self.encryptionKey ?? "") + (self.macMethod ?? "") }
        let key = self.encryptionKey ?? "<EncryptionKey><ds:KeyName>K</ds:KeyName></EncryptionKey>"
        if self.isWrap { return key + (self.macMethod ?? "") }
        let macKey = self.encryptedXML(try self.encrypted(Self.macKey))
        return key + (self.macMethod ?? "<MACMethod Algorithm=\"\(self.mac)\"><MACKey>\(macKey)</MACKey></MACMethod>")
    }

    func text() throws -> String {
        let keys = try self.secrets.enumerated().map { index, secret in
            """
            <KeyPackage>\(self.inPackage)<Key Id="K\(index)" \(self.attributes)>\(self.inKey)
            <Data><Secret>\(try self.value(secret))</Secret>\(self.data)</Data>\(self.policy)</Key></KeyPackage>
            """
        }
        return """
            <KeyContainer \(self.root) xmlns="urn:ietf:params:xml:ns:keyprov:pskc"
             xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"
             xmlns:xenc11="http://www.w3.org/2009/xmlenc11#">
            \(try self.header())
            \(keys.joined(separator: "\n"))\(self.ending)
            </KeyContainer>
            """
    }

    func document(with credential: PSKCCredential? = nil) throws -> PSKCDocument {
        try FigureTests.read(try self.text(), with: credential ?? self.credential)
    }

    /// Why it is refused.
    func refusal(with credential: PSKCCredential? = nil) throws -> PSKCError.Reason {
        try #require(throws: PSKCError.self) { try self.document(with: credential) }.reason
    }
}
