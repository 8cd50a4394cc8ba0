// Identity: who the users are, what a password must be, when it may be tried, what they are told. No hashing, no store.

internal import Foundation

/// A user name in the one form in which it is compared: width and case do not matter (RFC 8265, UsernameCaseMapped).
package struct UserName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Parameter typed: what the user typed. White space around it is dropped.
    /// - Throws: ``UserNameError``, which carries nothing of what was typed: it may be a password in the wrong field.
    package init(_ typed: String) throws(UserNameError) {
        // Σ has two lower-case forms, and `lowercased` does not look at where it stands.
        let folded = typed.precomposedStringWithCompatibilityMapping.lowercased().replacing("ς", with: "σ")
        let trimmed = Self.trimmed(folded).precomposedStringWithCanonicalMapping
        guard !trimmed.isEmpty else { throw .empty }
        guard trimmed.unicodeScalars.count <= Self.longest else { throw .tooLong }
        guard trimmed.unicodeScalars.allSatisfy(Self.isAllowed) else { throw .forbiddenCharacter }
        self.text = trimmed
    }

    /// In Unicode scalars.
    package static let longest = 128

    /// Foundation's set of white space has the zero-width space, which is refused here, not dropped.
    private static func trimmed(_ text: String) -> String {
        let isSpace = { (scalar: Unicode.Scalar) in
            scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator
        }
        let scalars = text.unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(String.UnicodeScalarView(scalars))
    }

    /// What nobody sees is refused, or two names would look the same (RFC 8264 section 9.13).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    package var description: String { self.text }
}

package enum UserNameError: Error, Hashable, Sendable {
    case empty
    case tooLong
    case forbiddenCharacter
}
