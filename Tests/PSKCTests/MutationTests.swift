import Encodings
import PSKC
import TestSupport
import Testing

@Suite("Damaged at random")
struct MutationTests {
    /// An encrypted file that was changed gives nothing, or the very keys that it had: what a MAC covers cannot change, what it
    /// does not cover (a name, a space) is no key.
    @Test(
        "Encrypted files never give a key that was not theirs", arguments: [Container.Cipher.aes128, .aes256, .wrap192])
    func encrypted(cipher: Container.Cipher) throws {
        var container = Container(cipher)
        container.secrets.append([UInt8](repeating: 0xEE, count: 32))
        let (original, known) = (Array(try container.text().utf8), Set(container.secrets))
        var generator = SeededGenerator(seed: UInt64(container.keyByteCount))
        var opened = 0
        for _ in 0..<4000 {
            let bytes = generator.mutated(original, from: "<>/&;=\"' AaBb01+:#K")
            guard let document = try? PSKCDocument(reading: ByteSource(bytes), with: container.credential) else {
                continue
            }
            opened += 1
            for package in document.packages {
                guard let key = package.key, let secret = key.secret, key.isSecretEncrypted else { continue }
                #expect(known.contains(secret.bytes), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(opened > 0)
    }

    @Test("No bytes at all make it crash", arguments: 0..<4)
    func anything(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let texts = [Figures.sharedKey, Figures.password, Figures.withPIN, Figures.bulk]
        for _ in 0..<2000 {
            var bytes = Array(texts[seed].utf8)
            for _ in 0..<3 { bytes = generator.mutated(bytes, from: "<>/&;=\"'?!-[] AaBb01+:#K\n\r\0") }
            do {
                _ = try PSKCDocument(reading: ByteSource(bytes), with: .sharedKey(Figures.sharedKeyBytes))
            } catch {
                #expect(error.line >= 1 && !error.description.isEmpty)
            }
        }
    }
}
