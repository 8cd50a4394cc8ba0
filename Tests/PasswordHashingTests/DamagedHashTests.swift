// A damaged hash matches nothing; and whose password it was is known only of a right one.

import Identifiers
import PasswordHashing
import Testing
import Time

@Suite struct DamagedHashTests {
    static let phc = "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$LfR+3mNY7Repl21PztuJehADbUMqSs7xfSY7/Ji9IKw"
    static let password = "correct horse battery staple"

    @Test(
        "Damaged",
        arguments: [
            "", "$", "correct horse battery staple", "$argon2id$", "$argon2id$v=19$m=64,t=2,p=1$$",
            "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$", phc + "A", phc + "$", " " + phc,
            phc.replacing("argon2id", with: "argon2x"), phc.replacing("v=19", with: "v=16"),
            phc.replacing("m=64", with: "m=65"), phc.replacing("m=64", with: "m=0"), phc.replacing("t=2", with: "t=1"),
            phc.replacing("p=1", with: "p=2"), phc.replacing("AAEC", with: "AAED"), phc.replacing("LfR", with: "LfS"),
            phc.replacing("$m=64", with: ""), String(repeating: "$argon2id", count: 100),
        ])
    func damaged(phc: String) throws {
        #expect(try !PasswordHash(phc: phc).matches(Self.password))
        #expect(try !PasswordHash(phc: phc).matches(""))
    }

    @Test("Cut short at any place")
    func truncated() throws {
        #expect(try PasswordHash(phc: Self.phc).matches(Self.password))
        for count in 0..<Self.phc.count {
            #expect(try !PasswordHash(phc: String(Self.phc.prefix(count))).matches(Self.password), "\(count)")
        }
    }

    @Test("Evidence names the user and his password, and there is none for a wrong password")
    func evidence() throws {
        let user = try #require(UserID(bytes: [UInt8](repeating: 5, count: 16)))
        let setAt = Instant(milliseconds: 5)
        let stored = StoredPassword(user: user, hash: PasswordHash(phc: Self.phc), setAt: setAt)
        let evidence = try #require(try stored.verify(Self.password))
        #expect(evidence.user == user && evidence.passwordSetAt == setAt)
        #expect(try stored.verify("correct horse") == nil)
        #expect(try stored.verify("") == nil)
        #expect(try StoredPassword(user: user, hash: PasswordHash(phc: ""), setAt: setAt).verify("") == nil)
    }
}
