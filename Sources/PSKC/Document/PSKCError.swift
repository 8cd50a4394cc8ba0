package import XML

/// Why a container is refused, and on which line. Names of elements, attributes and algorithms may stand in it, never a
/// value that could be a secret.
package struct PSKCError: Error, Hashable, Sendable {
    package let line: Int
    package let reason: Reason

    package enum Reason: Hashable, Sendable {
        case xml(XMLError.Reason)
        case notPSKC
        case unsupportedVersion
        case unexpectedElement(String)
        case repeatedElement(String)
        case missingElement(String)
        case misplacedElement(String)
        case unexpectedAttribute(String)
        case missingAttribute(String)
        case strayText(String)
        case malformed(String)
        case duplicateID(String)
        case tooManyKeys(limit: Int)

        case unknownPolicy(String)

        case asymmetricEncryption
        case unsupportedAlgorithm(String)
        case mixedAlgorithms
        case missingEncryptionKey
        case sharedKeyNeeded(name: String?)
        case passwordNeeded(name: String?)
        case keyLength(expected: Int, given: Int)
        case iterations(ClosedRange<Int>)
        case saltLength(ClosedRange<Int>)
        case derivedKeyLength
        case missingMACMethod
        case missingMACKey
        case missingMAC
        case macWithoutEncryption
        case wrongKeyOrDamaged
    }
}

extension PSKCError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .xml(let reason): "\(reason)"
        case .notPSKC: "this is no KeyContainer of RFC 6030 (namespace \(PSKCNamespace.pskc))"
        case .unsupportedVersion: "only version 1.0 is read"
        case .unexpectedElement(let name): "the element \(name) does not belong there"
        case .repeatedElement(let name): "the element \(name) is there twice"
        case .missingElement(let name): "the element \(name) is missing"
        case .misplacedElement(let name): "the element \(name) must come before the first KeyPackage"
        case .unexpectedAttribute(let name): "the attribute \(name) does not belong there"
        case .missingAttribute(let name): "the attribute \(name) is missing"
        case .strayText(let name): "there is text in \(name) where only elements belong"
        case .malformed(let name): "the value of \(name) is malformed"
        case .duplicateID(let id): "a second key has the Id \(id)"
        case .tooManyKeys(let limit): "there are more than \(limit) keys"
        case .unknownPolicy(let name): "the policy \(name) is not known, so that the key must not be used"
        default: self.protectionDescription
        }
    }

    private var protectionDescription: String {
        switch self {
        case .asymmetricEncryption:
            "the keys are encrypted to a certificate; only a shared AES key or a password is read"
        case .unsupportedAlgorithm(let name): "the algorithm \(name) is not read"
        case .mixedAlgorithms: "values are encrypted with different algorithms"
        case .missingEncryptionKey: "a value is encrypted, and no EncryptionKey says how"
        case .sharedKeyNeeded(let name):
            "the keys are encrypted under a shared key\(Self.called(name)), which was not given"
        case .passwordNeeded(let name):
            "the keys are encrypted under a password\(Self.called(name)), which was not given"
        case .keyLength(let expected, let given): "the shared key has \(given) bytes, and \(expected) are needed"
        case .iterations(let range): "IterationCount is not within \(range.lowerBound) and \(range.upperBound)"
        case .saltLength(let range): "the salt is not \(range.lowerBound) to \(range.upperBound) bytes long"
        case .derivedKeyLength: "KeyLength is not 16, 24 or 32, or not that of the algorithm"
        case .missingMACMethod: "a value needs a MAC, and no MACMethod says how it is made"
        case .missingMACKey: "MACMethod has no MACKey"
        case .missingMAC: "an encrypted value has no ValueMAC"
        case .macWithoutEncryption: "a plain value has a ValueMAC, which nothing defines"
        case .wrongKeyOrDamaged: "the key or password is wrong, or the file was changed"
        default: ""
        }
    }

    private static func called(_ name: String?) -> String { name.map { " called \"\($0)\"" } ?? "" }
}

extension PSKCError: CustomStringConvertible {
    package var description: String { "line \(self.line): \(self.reason)" }
}

extension PSKCError {
    init(_ error: XMLError) { self.init(line: error.line, reason: .xml(error.reason)) }
}
