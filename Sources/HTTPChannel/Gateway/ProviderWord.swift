/// A provider's own code or status word, as it may stand in logs and on the operator's page.
///
/// A provider may answer with anything, an echo of the text or the number included: what could be one of those, six digits
/// in a row or words with spaces, is none.
struct ProviderWord {
    let text: String

    init?(_ text: String) {
        guard (1...40).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPlain),
            !text.split(whereSeparator: { !("0"..."9").contains($0) }).contains(where: { $0.utf8.count >= 6 })
        else { return nil }
        self.text = text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "._-:/".utf8.contains(byte)
        }
    }
}
