// PasswordHashing: Argon2id by libsodium, as PHC strings, and the proof that a password was right. Slow on purpose: never
// on an event loop, never in a transaction. It does not know counters, policies or stores, and draws no salt.

internal import CSodium

/// How much work one hash is: Argon2id with one lane.
package struct PasswordCost: Hashable, Sendable {
    /// Memory in KiB, at least 8.
    package let memory: Int
    /// Passes over the memory, at least 1.
    package let passes: Int

    package init(memory: Int, passes: Int) {
        self.memory = memory
        self.passes = passes
    }

    /// OWASP's first choice: 19 MiB, two passes.
    package static let standard = PasswordCost(memory: 19 * 1024, passes: 2)
}

/// A password's hash with its parameters and salt, as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$…$…`).
package struct PasswordHash: Hashable, Sendable {
    package let phc: String

    package init(phc: String) { self.phc = phc }

    /// - Parameter salt: 16 random bytes.
    /// - Throws: ``PasswordHashingError/outOfMemory`` when the memory could not be had.
    package init(of password: String, salt: [UInt8], cost: PasswordCost) throws(PasswordHashingError) {
        try Sodium.ready()
        guard salt.count == Int(crypto_pwhash_SALTBYTES) else { throw .saltLength(salt.count) }
        var hash = [UInt8](repeating: 0, count: 32)
        let result = password.withCString { text in
            crypto_pwhash(
                &hash, UInt64(hash.count), text, UInt64(password.utf8.count), salt, UInt64(cost.passes),
                cost.memory * 1024, crypto_pwhash_ALG_ARGON2ID13)
        }
        guard result == 0 else { throw .outOfMemory }
        self.phc = "\(Self.prefix(of: cost))\(Sodium.base64(salt))$\(Sodium.base64(hash))"
    }

    /// Whether `password` is the one that was hashed; compares in constant time. A damaged hash matches nothing.
    package func matches(_ password: String) throws(PasswordHashingError) -> Bool {
        try Sodium.ready()
        return self.phc.withCString { phc in
            password.withCString { crypto_pwhash_str_verify(phc, $0, UInt64(password.utf8.count)) == 0 }
        }
    }

    /// Whether the hash was made with other parameters, so that it is to be made anew at the next right password.
    ///
    /// libsodium's own answer is not enough: it takes Argon2i and more than one lane for the same.
    package func needsRehash(to cost: PasswordCost) -> Bool {
        !self.phc.hasPrefix(Self.prefix(of: cost))
            || self.phc.withCString {
                crypto_pwhash_str_needs_rehash($0, UInt64(cost.passes), cost.memory * 1024) != 0
            }
    }

    private static func prefix(of cost: PasswordCost) -> String {
        "$argon2id$v=19$m=\(cost.memory),t=\(cost.passes),p=1$"
    }
}

package enum PasswordHashingError: Error, Hashable, Sendable {
    case libraryUnavailable
    case outOfMemory
    case saltLength(Int)
}

private enum Sodium {
    private static let result = sodium_init()  // 0 the first time, 1 afterwards, -1 on failure

    static func ready() throws(PasswordHashingError) {
        guard self.result >= 0 else { throw .libraryUnavailable }
    }

    /// Standard base64 without padding, as PHC strings have it.
    static func base64(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: bytes.count * 2 + 4)
        sodium_bin2base64(&text, text.count, bytes, bytes.count, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
