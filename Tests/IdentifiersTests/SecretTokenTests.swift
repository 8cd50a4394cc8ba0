// SecretToken: one spelling, what is stored of it, and what it never shows.

import Identifiers
import Testing

@Suite struct SecretTokenTests {
    static let token = SecretToken(random: Array(0..<32))
    static let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    @Test func text() throws {
        #expect(Self.token.text == Self.text)
        let read = try #require(SecretToken(Self.text))
        #expect(read.text == Self.text)
        #expect(read.hash == Self.token.hash)
    }

    @Test(
        "Refused texts",
        arguments: [
            "",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",  // 42
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",  // 44: 33 bytes
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",  // the same bytes but for bits that carry nothing
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh ",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8",  // base64, not base64url
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH/8",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdé8",
        ])
    func refused(text: String) {
        #expect(SecretToken(text) == nil)
    }

    @Test("Stored is SHA-256, not the token")
    func hash() {
        #expect(
            hexadecimal(Self.token.hash) == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd")
        #expect(Self.token.hash != Array(0..<32))
    }

    @Test("One bit makes another hash", arguments: 0..<32)
    func otherHash(place: Int) {
        var random = [UInt8](0..<32)
        random[place] ^= 1
        #expect(SecretToken(random: random).hash != Self.token.hash)
    }

    @Test("Derived: HMAC-SHA256 of the purpose")
    func derived() {
        #expect(Self.token.derived(for: "form") == "TipInUlupYIiALv0HzdRnez7LKemNTK3la8FRQmLzYY")
        #expect(Self.token.derived(for: "form") == Self.token.derived(for: "form"))
    }

    @Test("Derived differs by purpose and by token, and is neither the token nor its hash")
    func derivedDiffers() {
        let other = SecretToken(random: Array(1...32))
        let stored = SecretToken(random: Self.token.hash).text
        let all = [
            Self.token.text, stored, Self.token.derived(for: "form"), Self.token.derived(for: "form "),
            Self.token.derived(for: ""), Self.token.derived(for: "cookie"), other.derived(for: "form"),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test("Nothing that prints it shows it")
    func hidden() {
        struct Holder { let token = SecretTokenTests.token }
        let printed = [
            "\(Self.token)", String(reflecting: Self.token), String(describing: Optional(Self.token)),
            dumped(Self.token), "\(Holder())", dumped(Holder()), dumped([Self.token]),
        ]
        for text in printed {
            #expect(text.contains("SecretToken"))
            // As text, as a list of bytes, and as what `dump` makes of a list.
            for secret in [Self.text, "1, 2, 3", "- 17", "- 31"] { #expect(!text.contains(secret), "\(text)") }
        }
        #expect(Mirror(reflecting: Self.token).children.isEmpty)
    }
}

private func dumped(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
