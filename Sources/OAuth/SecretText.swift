// Text that a party proves something with: client secrets, codes, verifiers, bearer tokens.

internal import Encodings

/// A secret as it came from the network. Printing, interpolating or dumping it shows nothing of it.
package struct SecretText: Sendable {
    /// Only for hashing and comparing.
    package let revealed: String

    package init(_ text: String) { self.revealed = text }

    /// Compares in constant time.
    package func equals(_ other: some Collection<UInt8>) -> Bool { constantTimeEquals(self.revealed.utf8, other) }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretText(…)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
