/// A password, key or token of a provider. It prints as `GatewaySecret(…)`, also as a part of something else.
package struct GatewaySecret: Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

extension GatewaySecret: CustomStringConvertible, CustomReflectable {
    package var description: String { "GatewaySecret(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
