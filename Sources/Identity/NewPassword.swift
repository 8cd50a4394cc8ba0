/// A new password, as it was typed twice.
package struct NewPassword: Sendable {
    package let password: TypedPassword

    /// - Throws: ``NewPasswordError`` where both are not the same, or there is none.
    package init(_ first: String, again second: String) throws(NewPasswordError) {
        guard !first.isEmpty else { throw .missing }
        // Compared as it will be hashed. `==` of `String` would do the same; bytes leave no doubt.
        let (one, other) = (TypedPassword(first), TypedPassword(second))
        guard one.text.utf8.elementsEqual(other.text.utf8) else { throw .different }
        self.password = one
    }

    /// - Throws: ``NewPasswordError/weak(_:)``.
    package func check(
        _ policy: PasswordPolicy, hasSecondFactor: Bool, context: [String]
    ) throws(NewPasswordError) {
        do {
            try policy.check(self.password.text, hasSecondFactor: hasSecondFactor, context: context)
        } catch {
            throw .weak(error)
        }
    }
}

/// Why a new password was not taken. Never carries it.
package enum NewPasswordError: Error, Hashable, Sendable {
    case missing
    case different
    case weak(PasswordPolicyError)
}
