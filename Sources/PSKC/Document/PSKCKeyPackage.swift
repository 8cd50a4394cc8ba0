package import Time

/// One key and the device that it is in (RFC 6030 section 3).
package struct PSKCKeyPackage: Sendable {
    /// Where it begins, from 1.
    package let line: Int
    package let device: PSKCDevice?
    package let cryptoModule: String?
    package let key: PSKCKey?
}

/// What tells a device from others (section 4.3.1).
package struct PSKCDevice: Hashable, Sendable {
    package let manufacturer: String?
    package let serial: String?
    package let model: String?
    package let issue: String?
    package let binding: String?
    package let starts: Instant?
    package let expires: Instant?
    package let userID: String?
}

/// A key with what is said about it (sections 4.1 to 4.4). What it is for, `algorithm` and `policy` tell; nothing of that is
/// judged here.
package struct PSKCKey: Sendable {
    package let line: Int
    package let id: String?
    /// A URI such as ``PSKCKey/ocra``.
    package let algorithm: String?
    package let issuer: String?
    package let parameters: PSKCParameters
    package let profileID: String?
    package let reference: String?
    package let friendlyName: String?
    /// nil if the key is somewhere else, and only derived or referred to.
    package let secret: PSKCSecret?
    package let isSecretEncrypted: Bool
    package let counter: Int64?
    package let time: Int64?
    package let timeInterval: Int64?
    package let timeDrift: Int64?
    package let userID: String?
    package let policy: PSKCPolicy?

    package static let hotp = "urn:ietf:params:xml:ns:keyprov:pskc:hotp"
    package static let ocra = "urn:ietf:params:xml:ns:keyprov:pskc:ocra"
    package static let pin = "urn:ietf:params:xml:ns:keyprov:pskc:pin"
}

/// What an algorithm needs to know (section 4.3.4).
package struct PSKCParameters: Hashable, Sendable {
    package let suite: String?
    package let challenge: PSKCChallengeFormat?
    package let response: PSKCResponseFormat?
}

package struct PSKCChallengeFormat: Hashable, Sendable {
    package let encoding: PSKCEncoding
    /// The lengths, in characters or bytes as the encoding says.
    package let shortest: Int
    package let longest: Int
    package let hasCheckDigit: Bool
}

package struct PSKCResponseFormat: Hashable, Sendable {
    package let encoding: PSKCEncoding
    package let length: Int
    package let hasCheckDigit: Bool
}

package enum PSKCEncoding: String, Hashable, Sendable, CaseIterable {
    case decimal = "DECIMAL"
    case hexadecimal = "HEXADECIMAL"
    case alphanumeric = "ALPHANUMERIC"
    case base64 = "BASE64"
    case binary = "BINARY"
}

/// The bytes of a secret. They neither print nor mirror themselves.
package struct PSKCSecret: Sendable {
    package let bytes: [UInt8]
}

extension PSKCSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "PSKCSecret(hidden)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
