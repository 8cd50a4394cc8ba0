internal import Crypto
internal import CryptoExtras

/// PBKDF2 (RFC 8018 section 5.2), within bounds: the file chooses the work, and whoever reads it does it.
struct KeyDerivation {
    private let line: Int
    private let salt: [UInt8]
    private let iterations: Int
    private let keyByteCount: Int
    private let function: KDF.Insecure.PBKDF2.HashFunction

    static let allowedIterations = 1000...10_000_000
    static let allowedSalt = 8...1024

    /// The URI of the figure, that of the text of section 6.2, and that of XML Encryption 1.1.
    private static let algorithms = [
        PSKCNamespace.pkcs5 + "pbkdf2", "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5#pbkdf2",
        PSKCNamespace.encryption11 + "pbkdf2",
    ]

    /// From `KeyDerivationMethod`.
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.line = element.line
        let algorithm = try element.algorithm()
        guard Self.algorithms.contains(algorithm) else { throw element.unsupported(algorithm) }
        var parameters = try element.require("PBKDF2-params", in: PSKCNamespace.derivation)
        try element.finish()
        self.salt = try Self.salt(try parameters.require("Salt", in: PSKCNamespace.derivation))
        self.iterations = try Self.iterations(try parameters.require("IterationCount", in: PSKCNamespace.derivation))
        self.keyByteCount = try Self.keyByteCount(try parameters.require("KeyLength", in: PSKCNamespace.derivation))
        self.function = try Self.function(try parameters.take("PRF", in: PSKCNamespace.derivation))
        try parameters.finish()
    }

    private static func salt(_ element: PSKCElement) throws(PSKCError) -> [UInt8] {
        var element = element
        let salt = try element.require("Specified", in: PSKCNamespace.derivation).bytes()
        try element.finish()
        guard self.allowedSalt.contains(salt.count) else { throw element.error(.saltLength(self.allowedSalt)) }
        return salt
    }

    private static func iterations(_ element: PSKCElement) throws(PSKCError) -> Int {
        let number = try element.number()
        guard self.allowedIterations.contains(Int(number)) else {
            throw element.error(.iterations(self.allowedIterations))
        }
        return Int(number)
    }

    private static func keyByteCount(_ element: PSKCElement) throws(PSKCError) -> Int {
        let number = try element.number()
        guard [16, 24, 32].contains(number) else { throw element.error(.derivedKeyLength) }
        return Int(number)
    }

    /// HMAC-SHA-1 unless something else is said (RFC 8018 appendix A.2).
    private static func function(_ element: PSKCElement?) throws(PSKCError) -> KDF.Insecure.PBKDF2.HashFunction {
        guard var element else { return .insecureSHA1 }
        let attribute = element.attribute("Algorithm")
        // python-pskc 1.4 writes the name as text, where XML Encryption 1.1 has it as an attribute.
        let text = try element.optionalText()
        guard attribute == nil || text == nil else { throw element.error(.strayText(element.name)) }
        guard let algorithm = attribute ?? text else { return .insecureSHA1 }
        return switch try MACAlgorithm(algorithm, at: element) {
        case .sha1: .insecureSHA1
        case .sha224: .insecureSHA224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }

    func key(from password: String) throws(PSKCError) -> SymmetricKey {
        do {
            // The checked function wants 210,000 rounds or more; files that exist have fewer.
            return try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(password.utf8), salt: self.salt, using: self.function,
                outputByteCount: self.keyByteCount, unsafeUncheckedRounds: self.iterations)
        } catch {
            throw PSKCError(line: self.line, reason: .wrongKeyOrDamaged)
        }
    }
}
