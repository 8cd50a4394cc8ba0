// The PIN of a suite, which is only ever hashed (RFC 6287 section 5.1: P).

/// A PIN in the form that is hashed. It compares in constant time, and neither prints nor mirrors its bytes.
public struct OCRAPIN: Equatable, Sendable {
    /// The hash itself: what a server keeps, sealed. Four digits under any hash function are no secret.
    public let hash: [UInt8]

    /// Hashes a PIN, in UTF-8, as the suite says.
    ///
    /// - Throws: ``OCRAError/unexpectedPIN`` if the suite has none, ``OCRAError/emptyPIN``.
    public init(_ pin: String, for suite: OCRASuite) throws(OCRAError) {
        guard let function = suite.pinHash else { throw .unexpectedPIN }
        guard !pin.isEmpty else { throw .emptyPIN }
        self.hash = function.hash(pin.utf8)
    }

    /// Takes a PIN that the suite's function has hashed already. Its length is checked where it is used.
    public init(hash: some Sequence<UInt8>) {
        self.hash = Array(hash)
    }

    /// Compares in constant time.
    public static func == (left: Self, right: Self) -> Bool {
        constantTimeEquals(left.hash, right.hash)
    }
}

extension OCRAPIN: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words: a PIN in a log line says nothing.
    public var description: String { "OCRAPIN(hidden)" }
    /// The same as ``description``.
    public var debugDescription: String { self.description }
    /// Without children, so that `dump` shows none.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
