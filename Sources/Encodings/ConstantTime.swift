// Comparison of secrets.

/// Whether both hold the same bytes. The time taken depends on the lengths alone, which are taken to be public, so that
/// an answer's timing does not tell how many leading bytes were right.
@inline(never)
package func constantTimeEquals(_ first: some Collection<UInt8>, _ second: some Collection<UInt8>) -> Bool {
    guard first.count == second.count else { return false }
    var difference: UInt8 = 0
    // As arrays: other rooms would walk two collections byte by byte through a protocol.
    for (one, other) in zip(Array(first), Array(second)) { difference |= one ^ other }
    return difference == 0
}
