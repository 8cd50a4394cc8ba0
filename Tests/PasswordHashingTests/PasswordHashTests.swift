// PasswordHash against hashes that argon2-cffi 25.1 (the reference implementation of Argon2) made.

import PasswordHashing
import Testing

/// The least work that Argon2 takes: the tests ask for the rules, not for the strength.
let cheap = PasswordCost(memory: 64, passes: 2)
let salt = [UInt8](0..<16)

@Suite struct PasswordHashTests {
    static let vectors = [
        ("correct horse battery staple", "LfR+3mNY7Repl21PztuJehADbUMqSs7xfSY7/Ji9IKw"),
        ("", "J9Y1+DPJGXbwHM6YizAZ47mIn2b+a578eg7GY8YFnQc"),
        ("Größe 密码 🔑", "5y7z1UejAXM1nLVDz9P0kXVZ7nOd4pSLkEGCck0fxnA"),
        (String(repeating: "x", count: 1024), "NsOVAPfqKhGFZ+IE6CxFnjXC0M2HMN52vpugsWoO+1Y"),
        ("a\0b", "/byC5kBVRI3V5urSg4Tn/HkW2zc2M7BUACh4CMXwGXM"),  // a NUL does not end a password
    ].map { ($0, "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$" + $1) }

    @Test("The same bytes as the reference implementation", arguments: vectors)
    func vector(password: String, phc: String) throws {
        #expect(try PasswordHash(of: password, salt: salt, cost: cheap).phc == phc)
    }

    @Test("Hashes made elsewhere are accepted, for their password alone", arguments: vectors)
    func matches(password: String, phc: String) throws {
        #expect(try PasswordHash(phc: phc).matches(password))
        for wrong in [password + " ", " " + password, password + "\0", "another"] {
            #expect(try !PasswordHash(phc: phc).matches(wrong))
        }
    }

    @Test("The standard cost, with a hash made elsewhere")
    func standard() throws {
        let phc =
            "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU"
        let hash = try PasswordHash(of: "correct horse battery staple", salt: salt, cost: .standard)
        #expect(hash.phc == phc)
        #expect(try hash.matches("correct horse battery staple"))
        #expect(!hash.needsRehash(to: .standard))
    }

    @Test("Composed and decomposed are two passwords here: whoever wants one makes them one before")
    func normalisation() throws {
        let hash = try PasswordHash(of: "gr\u{F6}\u{DF}e", salt: salt, cost: cheap)
        #expect(try hash.matches("gr\u{F6}\u{DF}e"))
        #expect(try !hash.matches("gro\u{308}\u{DF}e"))
    }

    @Test("Another salt, another hash; both match")
    func salted() throws {
        let first = try PasswordHash(of: "secret", salt: salt, cost: cheap)
        let second = try PasswordHash(of: "secret", salt: salt.reversed(), cost: cheap)
        #expect(first != second)
        #expect(try first.matches("secret") && second.matches("secret"))
    }

    @Test("Refused salts", arguments: [0, 8, 15, 17, 32])
    func saltLength(count: Int) {
        #expect(throws: PasswordHashingError.saltLength(count)) {
            try PasswordHash(of: "secret", salt: [UInt8](repeating: 1, count: count), cost: cheap)
        }
    }

    @Test(
        "A cost that Argon2 does not take gives no hash",
        arguments: [PasswordCost(memory: 7, passes: 2), PasswordCost(memory: 64, passes: 0)])
    func refusedCost(cost: PasswordCost) {
        #expect(throws: PasswordHashingError.outOfMemory) { try PasswordHash(of: "secret", salt: salt, cost: cost) }
    }

    @Test(
        "Made with other parameters",
        arguments: [
            ("$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$LfR+3mNY7Repl21PztuJehADbUMqSs7xfSY7/Ji9IKw", false),
            ("$argon2id$v=19$m=64,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$vCQOGAogW9Lngs3GSYPyR+dq64+yEzrsFXC3DMzWi/8", true),
            ("$argon2id$v=19$m=64,t=2,p=4$AAECAwQFBgcICQoLDA0ODw$XOUqt6TPBV9zuyxSQ6xdqpfdyu4R2tZComDbos80U3k", true),
            ("$argon2i$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$LhHRz4t6ELVYGt19AvAYa7aN/3sMrww/m0fJJIW52fY", true),
            ("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU", true),
            ("$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw", true),
            ("", true),
        ])
    func needsRehash(phc: String, expected: Bool) {
        #expect(PasswordHash(phc: phc).needsRehash(to: cheap) == expected)
    }

    @Test("Accepted, and made anew at once: hashes of other programs")
    func imported() throws {
        let lanes = "$argon2id$v=19$m=64,t=2,p=4$AAECAwQFBgcICQoLDA0ODw$XOUqt6TPBV9zuyxSQ6xdqpfdyu4R2tZComDbos80U3k"
        let passes = "$argon2id$v=19$m=64,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$vCQOGAogW9Lngs3GSYPyR+dq64+yEzrsFXC3DMzWi/8"
        for phc in [lanes, passes] {
            #expect(try PasswordHash(phc: phc).matches("correct horse battery staple"))
            #expect(try !PasswordHash(phc: phc).matches("correct horse battery stable"))
        }
    }
}
