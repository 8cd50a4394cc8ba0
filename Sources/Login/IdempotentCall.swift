/// A call that its sender may repeat when the answer was lost: what names it, and what it said.
package struct IdempotentCall: Hashable, Sendable {
    /// Whose key it is: two applications, or two logins, may choose the same one.
    package let scope: [UInt8]
    package let key: String
    /// A hash of all that the call said.
    package let content: [UInt8]

    package init(scope: [UInt8], key: String, content: [UInt8]) {
        self.scope = scope
        self.key = key
        self.content = content
    }
}
