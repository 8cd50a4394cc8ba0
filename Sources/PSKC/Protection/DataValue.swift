// A value that is plain or encrypted (RFC 6030 sections 4.1 and 6): what stands in Secret, Counter and their like.

struct DataValue {
    private let element: PSKCElement
    private let plain: PSKCElement?
    private let encrypted: EncryptedValue?
    private let mac: [UInt8]?

    var isEncrypted: Bool { self.encrypted != nil }

    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.plain = try element.take("PlainValue")
        self.encrypted = try element.take("EncryptedValue").map(EncryptedValue.init(_:))
        self.mac = try element.take("ValueMAC")?.bytes()
        try element.finish()
        self.element = element
        guard (self.plain == nil) != (self.encrypted == nil) else {
            throw element.error(self.plain == nil ? .missingElement("PlainValue") : .repeatedElement("PlainValue"))
        }
        // It would say that somebody vouches for the value, and there is no key to check it by.
        guard self.plain == nil || self.mac == nil else { throw element.error(.macWithoutEncryption) }
    }

    func bytes(_ opener: inout ValueOpener?) throws(PSKCError) -> [UInt8] {
        if let plain { return try plain.bytes() }
        return try self.open(&opener)
    }

    /// An encrypted number is its bytes, the first one the greatest.
    func number(_ opener: inout ValueOpener?) throws(PSKCError) -> Int64 {
        if let plain { return try plain.number() }
        let bytes = try self.open(&opener)
        guard (1...8).contains(bytes.count) else { throw self.element.error(.malformed(self.element.name)) }
        return Int64(bitPattern: bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }

    private func open(_ opener: inout ValueOpener?) throws(PSKCError) -> [UInt8] {
        guard let encrypted, opener != nil else { throw self.element.error(.missingEncryptionKey) }
        return try opener?.open(encrypted, mac: self.mac) ?? []
    }
}

/// `xenc:EncryptedDataType`, as far as PSKC uses it.
struct EncryptedValue {
    let line: Int
    let algorithm: EncryptionAlgorithm
    let ciphertext: [UInt8]

    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.line = element.line
        // Names that others refer to; nothing here does.
        for name in ["Id", "Type", "MimeType", "Encoding"] { _ = element.attribute(name) }
        var method = try element.require("EncryptionMethod", in: [PSKCNamespace.encryption])
        self.algorithm = try EncryptionAlgorithm(try method.algorithm(), at: method)
        try method.finish()
        var data = try element.require("CipherData", in: [PSKCNamespace.encryption])
        self.ciphertext = try data.require("CipherValue", in: [PSKCNamespace.encryption]).bytes()
        try data.finish()
        try element.finish()
    }
}

extension PSKCElement {
    /// The `Algorithm` that an element must have.
    mutating func algorithm() throws(PSKCError) -> String {
        guard let algorithm = self.attribute("Algorithm") else { throw self.error(.missingAttribute("Algorithm")) }
        return algorithm
    }

    /// An algorithm that is not read, in an error. It is shown only if it looks like one.
    func unsupported(_ algorithm: String) -> PSKCError {
        let isShown = algorithm.utf8.count <= 100 && algorithm.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return self.error(.unsupportedAlgorithm(isShown ? algorithm : "that is named there"))
    }
}
