package import Identifiers

extension Application {
    /// The server's own pages, as what a user signs in to. Nobody proves to be it, and it is redirected nowhere.
    package static let accountClientID = "countersign-account"

    /// - Parameter secret: random bytes of which nobody keeps what they would be the hash of.
    package static func account(id: ApplicationID, secret: [UInt8]) -> Application {
        Application(
            id: id, clientID: Self.accountClientID,
            registration: ApplicationRegistration(
                name: "My account", nameInTraditionalChinese: "我的帳戶", kind: .web, redirectURIs: [],
                postLogoutRedirectURIs: [], permissions: []),
            secretHash: secret)
    }
}
