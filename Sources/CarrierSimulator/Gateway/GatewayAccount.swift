import Encodings

/// The customer that the carrier knows. It guards nothing but the developer's own mistakes: a wrong password must be seen.
package struct GatewayAccount: Hashable, Sendable {
    package static let demo = Self(user: "countersign", password: "carrier", receiptKey: "carrier-simulator-receipts")

    /// At most 15 characters, and the password at most 8: more does not fit into SMPP.
    package let user: String
    package let password: String
    /// Signs receipts.
    package let receiptKey: String

    package init(user: String, password: String, receiptKey: String) {
        (self.user, self.password, self.receiptKey) = (user, password, receiptKey)
    }

    /// - Parameter authorization: the header, for HTTP Basic (RFC 7617).
    func admits(_ authorization: String?) -> Bool {
        let expected = "Basic \(Base64.encode("\(self.user):\(self.password)".utf8))"
        return constantTimeEquals(Array((authorization ?? "").utf8), Array(expected.utf8))
    }
}
