package import Identifiers

/// What whoever started a login holds: its id, which names it, and its secret, which alone opens it.
package struct LoginTicket: Sendable {
    package let id: LoginID
    package let secret: SecretToken

    package init(id: LoginID, secret: SecretToken) {
        self.id = id
        self.secret = secret
    }
}
