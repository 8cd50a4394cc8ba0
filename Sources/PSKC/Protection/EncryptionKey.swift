internal import Crypto

/// What `EncryptionKey` says: which secret of whoever has the file opens it (RFC 6030 sections 6.1 and 6.2).
struct EncryptionKey {
    private let line: Int
    private let name: String?
    private let derivation: KeyDerivation?

    var protection: PSKCProtection {
        self.derivation == nil ? .sharedKey(name: self.name) : .password(name: self.name)
    }

    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.line = element.line
        try Self.refuseAsymmetric(&element)
        _ = element.attribute("Id")
        let names = element.takeAll("KeyName", in: [PSKCNamespace.signature])
        let derivedKey = try element.take("DerivedKey", in: [PSKCNamespace.encryption11])
        try element.finish()
        if let derivedKey {
            (self.name, self.derivation) = try Self.derivedKey(derivedKey)
        } else {
            (self.name, self.derivation) = (try names.first?.text(), nil)
        }
    }

    /// Section 6.3.
    private static func refuseAsymmetric(_ element: inout PSKCElement) throws(PSKCError) {
        for name in ["X509Data", "KeyValue"] where !element.takeAll(name, in: [PSKCNamespace.signature]).isEmpty {
            throw element.error(.asymmetricEncryption)
        }
        if !element.takeAll("EncryptedKey", in: [PSKCNamespace.encryption]).isEmpty {
            throw element.error(.asymmetricEncryption)
        }
    }

    private static func derivedKey(_ element: PSKCElement) throws(PSKCError) -> (String?, KeyDerivation) {
        var element = element
        for name in ["Id", "Type", "Recipient"] { _ = element.attribute(name) }
        let method = try element.require("KeyDerivationMethod", in: [PSKCNamespace.encryption11])
        // Which values are encrypted, each says for itself.
        _ = element.takeAll("ReferenceList", in: [PSKCNamespace.encryption])
        _ = element.takeAll("DerivedKeyName", in: [PSKCNamespace.encryption11])
        let name = try element.take("MasterKeyName", in: [PSKCNamespace.encryption11])?.text()
        try element.finish()
        return (name, try KeyDerivation(method))
    }

    /// The key itself. Its length is compared with the cipher's where the first value is met.
    func unlock(with credential: PSKCCredential?) throws(PSKCError) -> SymmetricKey {
        switch (self.derivation, credential) {
        case (nil, .sharedKey(let bytes)): return SymmetricKey(data: bytes)
        case (let derivation?, .password(let password)) where !password.isEmpty:
            return try derivation.key(from: password)
        case (nil, _): throw PSKCError(line: self.line, reason: .sharedKeyNeeded(name: self.name))
        case (.some, _): throw PSKCError(line: self.line, reason: .passwordNeeded(name: self.name))
        }
    }
}
