internal import Foundation

/// A password as it is hashed and compared: in Unicode's composed form, since keyboards differ in how they write the same
/// letter (SP 800-63B-4, RFC 8265 OpaqueString). Nothing else is changed.
package struct TypedPassword: Sendable {
    package let text: String

    package init(_ typed: String) { self.text = typed.precomposedStringWithCanonicalMapping }
}

extension TypedPassword: CustomStringConvertible, CustomReflectable {
    package var description: String { "TypedPassword(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
