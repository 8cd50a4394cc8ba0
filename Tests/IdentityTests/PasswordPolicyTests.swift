// PasswordPolicy: length, blocklist, words of the account; no composition rules.

import Identity
import Testing

@Suite struct PasswordPolicyTests {
    static let context = ["alice.moor", "Alice Moor", "Broker & Sons", "bob", ""]

    private func error(
        _ password: String, second: Bool = true, policy: PasswordPolicy = PasswordPolicy()
    ) -> PasswordPolicyError? {
        do {
            try policy.check(password, hasSecondFactor: second, context: Self.context)
            return nil
        } catch { return error }
    }

    @Test(
        "With a second factor",
        arguments: [
            ("kvjmtrwq", nil),  // 8 letters of one kind: no composition rules
            ("83650917", nil),
            ("kvjmtrw", .tooShort(minimum: 8)),
            ("", .tooShort(minimum: 8)),
            ("        ", .tooCommon),
            ("тихий дом", nil),
            ("密码很长也可以用", nil),
            ("🔑🚪🪟🏠🌳🌙⭐🔥", nil),  // 8 scalars
            ("🔑🚪🪟🏠🌳🌙⭐", .tooShort(minimum: 8)),
            ("a long sentence with spaces is welcome here", nil),
            ("kvjm\u{0}trwq", .controlCharacter),
            ("kvjm\ntrwq", .controlCharacter),
            ("kvjmtrwq\u{7F}", .controlCharacter),
            ("kvjm\u{85}trwq", .controlCharacter),
            ("password", .tooCommon),
            ("PassWord123", .tooCommon),
            ("Summer2026", .tooCommon),
            ("12345678", .tooCommon),
            ("aaaaaaaaaaaaaaaaaaaa", .tooCommon),
            ("abababababab", .tooCommon),
            ("abcabcabcabc", nil),
            ("alice.moor", .aboutTheAccount),
            ("Alice.Moor1!", .aboutTheAccount),
            ("12alice.moor34", .aboutTheAccount),
            ("12alice.moor345", nil),  // five more characters than the word
            ("alice moor!!", .aboutTheAccount),
            ("BROKER & SONS", .aboutTheAccount),
            ("bobbobbo7", nil),  // too short a word to forbid
        ] as [(String, PasswordPolicyError?)])
    func withSecondFactor(password: String, expected: PasswordPolicyError?) {
        #expect(error(password) == expected)
    }

    @Test(
        "As the only factor",
        arguments: [
            ("kvjmtrwqpxnzbg", .tooShort(minimum: 15)), ("kvjmtrwqpxnzbgd", nil),
            ("correcthorsebatterystaple", .tooCommon),
        ] as [(String, PasswordPolicyError?)])
    func alone(password: String, expected: PasswordPolicyError?) {
        #expect(error(password, second: false) == expected)
    }

    @Test("64 characters and more are allowed, of any width")
    func long() {
        let letters = Array("kvjmtrwqpxnzbgds")
        let long = String((0..<1024).map { letters[$0 % 16] })
        #expect(error(String(long.prefix(64))) == nil)
        #expect(error(long) == nil)
        #expect(error(long + "k") == .tooLong(maximumBytes: 1024))
        let wide = String(repeating: "🔑🚪🪟🏠", count: 16)
        #expect(error(wide) == nil)
        #expect(error(String(repeating: wide, count: 5)) == .tooLong(maximumBytes: 1024))
    }

    @Test("An operator's list replaces the built-in one and knows no case")
    func ownList() {
        let policy = PasswordPolicy(blocklist: ["Kvjmtrwq"])
        #expect(error("kVJMTRWQ", policy: policy) == .tooCommon)
        #expect(error("password", policy: policy) == nil)
    }

    @Test("Each built-in password is refused, and long enough to need it")
    func builtIn() {
        let policy = PasswordPolicy()
        #expect(PasswordBlocklist.builtIn.count > 500)
        for password in PasswordBlocklist.builtIn {
            #expect(error(password, policy: policy) == .tooCommon, "\(password)")
            #expect(error(password.uppercased(), policy: policy) == .tooCommon, "\(password)")
        }
    }

    @Test("Without context only the password is looked at")
    func noContext() throws {
        try PasswordPolicy().check("alice.moor", hasSecondFactor: true, context: [])
    }
}
