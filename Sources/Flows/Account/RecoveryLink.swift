internal import Encodings
package import Identifiers

/// The part of an address that cancels a recovery. It opens nothing.
package struct RecoveryLink: Sendable {
    package let id: ActivationCodeID
    private let proof: [UInt8]

    init(id: ActivationCodeID, proof: [UInt8]) {
        self.id = id
        self.proof = proof
    }

    /// Reads ``text``; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let id = ActivationCodeID(parts[0]),
            let proof = try? Hexadecimal.decode(String(parts[1]))
        else { return nil }
        self.init(id: id, proof: proof)
    }

    package var text: String { "\(self.id.text)-\(Hexadecimal.encode(self.proof))" }

    func isProven(by expected: [UInt8]) -> Bool { constantTimeEquals(self.proof, expected) }
}
