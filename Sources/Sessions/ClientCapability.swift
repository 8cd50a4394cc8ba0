internal import Encodings

/// What a program can do that draws the login itself. It says so when it begins; one that says nothing is an old one, and is
/// offered nothing that came later. The raw values are schema.
package enum ClientCapability: String, Hashable, Sendable, CaseIterable {
    /// Can offer a call that reads the code.
    case voice
}

extension ClientCapability: StoredAsJSON {}
