// Comparing codes without telling by the time it takes how much of a guess was right.

/// Whether two codes are the same text, byte for byte, in a time that depends on their lengths alone.
///
/// The length of a code is no secret. The bytes are compared rather than the strings, because `==` on `String` takes
/// canonically equivalent texts for equal; nor do full-width digits match ASCII ones.
public func constantTimeEquals(_ left: String, _ right: String) -> Bool {
    constantTimeEquals(left.utf8, right.utf8)
}

/// Whether two byte sequences are the same, in a time that depends on their lengths alone.
public func constantTimeEquals(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(into: UInt8(0)) { difference, pair in difference |= pair.0 ^ pair.1 } == 0
}
