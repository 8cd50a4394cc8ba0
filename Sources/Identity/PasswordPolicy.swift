internal import Foundation

/// What a new password must be: long enough and not a known one. No composition rules (SP 800-63B-4).
package struct PasswordPolicy: Sendable {
    private let blocked: Set<String>

    /// - Parameter blocklist: passwords that everybody tries; compared without regard to case.
    package init(blocklist: some Sequence<String> = PasswordBlocklist.builtIn) {
        self.blocked = Set(blocklist.map { $0.lowercased() })
    }

    /// In Unicode scalars, with a second factor and without.
    package static let shortest = 8
    package static let shortestAlone = 15
    /// In UTF-8 bytes. Far above the 64 characters that must be allowed; a bound on the work of one hash.
    package static let longestInBytes = 1024

    /// - Parameter context: words of the account that make a bad password: user name, display name, firm.
    package func check(
        _ password: String, hasSecondFactor: Bool, context: [String]
    ) throws(PasswordPolicyError) {
        let shortest = hasSecondFactor ? Self.shortest : Self.shortestAlone
        guard password.unicodeScalars.count >= shortest else { throw .tooShort(minimum: shortest) }
        guard password.utf8.count <= Self.longestInBytes else { throw .tooLong(maximumBytes: Self.longestInBytes) }
        guard !password.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        let lowered = password.lowercased()
        guard !self.blocked.contains(lowered), Set(lowered).count > 2 else { throw .tooCommon }
        guard !context.contains(where: { Self.isNearly(lowered, $0.lowercased()) }) else { throw .aboutTheAccount }
    }

    /// The word itself, or the word with up to four more characters around it.
    private static func isNearly(_ password: String, _ word: String) -> Bool {
        word.count >= 4 && password.contains(word) && password.count - word.count <= 4
    }
}

/// Why a new password was refused. Never carries the password.
package enum PasswordPolicyError: Error, Hashable, Sendable {
    case tooShort(minimum: Int)
    case tooLong(maximumBytes: Int)
    case controlCharacter
    case tooCommon
    case aboutTheAccount
}

extension PasswordPolicyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort(let minimum): "it has fewer than \(minimum) characters"
        case .tooLong(let maximumBytes): "it is longer than \(maximumBytes) bytes"
        case .controlCharacter: "it holds a control character"
        case .tooCommon: "everybody tries it first"
        case .aboutTheAccount: "it is little more than a name of the account"
        }
    }
}

/// What everybody tries first. An operator adds a longer list by the configuration.
package enum PasswordBlocklist {
    package static let builtIn: [String] =
        families.flatMap { word in endings.map { word + $0 } }
        .filter { $0.count >= PasswordPolicy.shortest } + sequences

    private static let families = [
        "password", "passw0rd", "p@ssword", "p@ssw0rd", "letmein", "welcome", "admin", "administrator", "qwerty",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "monkey", "dragon", "football", "baseball", "superman",
        "batman", "master", "sunshine", "princess", "shadow", "michael", "jennifer", "charlie", "trustno1", "secret",
        "changeme", "default", "login", "access", "starwars", "computer", "internet", "whatever", "freedom", "summer",
        "winter", "spring", "autumn", "trading", "trader", "broker", "invest", "money", "bitcoin", "countersign",
    ]
    private static let endings = [
        "", "1", "12", "123", "1234", "12345", "123456", "!", "1!", "123!", "01", "00", "2023", "2024", "2025", "2026",
        "2027", "@123", "#1",
    ]
    private static let sequences = [
        "12345678", "123456789", "1234567890", "0123456789", "87654321", "987654321", "0987654321", "11223344",
        "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "qazwsxedc", "q1w2e3r4", "zaq12wsx", "abcdefgh", "abcd1234", "a1b2c3d4",
        "abc12345", "asdf1234", "qwer1234", "correcthorsebatterystaple", "1357924680", "14785236", "147258369",
        "woaini1314", "5201314520", "a123456789", "aa123456", "iloveyou520",
    ]
}
