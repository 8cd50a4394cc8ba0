// The first half of an authorization request: who asks, and where the answer goes (RFC 6749 section 3.1.2.4).

package import Encodings

/// The client and address that a request names. Until the client is known and the address is one of its own, an error
/// is shown to the user and never redirected: the address may be an attacker's.
package struct AuthorizationTarget: Hashable, Sendable {
    package let clientID: String
    package let redirectURI: String

    package init(_ fields: FormFields) throws(AuthorizationTargetError) {
        guard let clientID = fields.parameter("client_id") else { throw .missing("client_id") }
        guard ParameterSyntax.isVisible(clientID, maximum: 256) else { throw .malformed("client_id") }
        guard let redirectURI = fields.parameter("redirect_uri") else { throw .missing("redirect_uri") }
        guard ParameterSyntax.isVisible(redirectURI, maximum: 2_000) else { throw .malformed("redirect_uri") }
        self.clientID = clientID
        self.redirectURI = redirectURI
    }

    /// The address, once it is found among those of the client that has this id.
    package func approved(for client: RegisteredClient) throws(AuthorizationTargetError) -> ApprovedRedirect {
        guard client.id.utf8.elementsEqual(self.clientID.utf8) else { throw .unknownClient }
        for registered in client.redirectURIs {
            guard let uri = registered.resolve(self.redirectURI, native: client.isNative) else { continue }
            return ApprovedRedirect(client: client, uri: uri)
        }
        throw .redirectNotRegistered
    }
}

/// An address that an answer may go to. Only `AuthorizationTarget` makes one, so an answer cannot go anywhere else.
package struct ApprovedRedirect: Hashable, Sendable {
    package let client: RegisteredClient
    package let uri: RedirectURI

    fileprivate init(client: RegisteredClient, uri: RedirectURI) {
        self.client = client
        self.uri = uri
    }
}

/// Why a request has no address to answer to. The edge shows a page, with status 400.
package enum AuthorizationTargetError: Error, Hashable, Sendable {
    case missing(String)
    case malformed(String)
    case unknownClient
    case redirectNotRegistered
}

extension RegisteredClient {
    /// An address that was approved before, if it is still registered.
    package func approve(_ redirectURI: String) -> ApprovedRedirect? {
        self.redirectURIs.lazy.compactMap { $0.resolve(redirectURI, native: self.isNative) }.first
            .map { ApprovedRedirect(client: self, uri: $0) }
    }
}
