// What can be wrong with a suite, or with what is to be hashed (RFC 6287).

/// Why a suite or an input was refused. Each case carries the part refused, never a key, a PIN or session information.
public enum OCRAError: Error, Hashable, Sendable {
    /// Not of the form `algorithm:function:input`, or with characters outside ASCII.
    case malformedSuite(String)
    /// The first part is not `OCRA-1`.
    case unsupportedVersion(String)
    /// The second part is not `HOTP-`, a hash of ``OTPHash``, `-` and 0 or 4 to 10.
    case unsupportedFunction(String)
    /// A piece of the third part that the grammar does not have at that place.
    case malformedInput(String)
    /// A challenge that is empty, longer than the suite allows, or has a character outside its alphabet.
    case malformedQuestion(String)
    /// An ``OCRAQuestion`` that was made for a suite with another form of challenge.
    case questionForAnotherSuite
    /// The suite hashes a counter, and none was given.
    case missingCounter
    /// A counter was given that the suite does not hash.
    case unexpectedCounter
    /// The suite hashes a PIN, and none was given.
    case missingPIN
    /// A PIN was given that the suite does not hash.
    case unexpectedPIN
    /// An empty PIN.
    case emptyPIN
    /// A PIN hash that is not as long as the suite's function makes it.
    case pinHashLength(expected: Int, given: Int)
    /// The suite hashes session information, and none was given.
    case missingSession
    /// Session information was given that the suite does not hash.
    case unexpectedSession
    /// More session information than the suite has room for, in bytes.
    case sessionTooLong(limit: Int, given: Int)
    /// The suite hashes a time, and none was given.
    case missingTime
    /// A time was given that the suite does not hash.
    case unexpectedTime
    /// A time before 1970, in seconds.
    case timeOutOfRange(Int64)
}
