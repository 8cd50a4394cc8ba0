/// An address that notices can be sent to: `name@host`, plain ASCII. Whether anybody reads there it does not know.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// nil for anything else; quoted names and address literals (RFC 5321 section 4.1.2) are refused too.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count),
            Self.isDotted(parts[0], "!#$%&'*+-/=?^_`{|}~"), Self.isDotted(parts[1], "-")
        else { return nil }
        self.text = text
    }

    /// Words of letters, digits and these, with single dots between them.
    private static func isDotted(_ text: Substring, _ more: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: more.utf8.contains(byte)
                    }
                }
        }
    }
}
