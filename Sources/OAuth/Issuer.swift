// The issuer identifier (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3).

/// The address that names this server in every token and answer. Compared as text, never as an address.
package struct Issuer: Hashable, Sendable {
    package let text: String
    private let address: WebAddress

    /// Takes an https address, or an http one on loopback, without query, fragment and trailing slash.
    package init(parsing text: String) throws(AddressError) {
        let address = try WebAddress(parsing: text)
        guard address.scheme == "https" || address.scheme == "http" else { throw .malformedScheme }
        guard address.scheme == "https" || address.isLoopback else { throw .needsTLS }
        guard address.query == nil else { throw .query }
        // "https://a" and "https://a/" are two issuers: one spelling, the one to which paths are appended.
        guard !text.hasSuffix("/") else { throw .trailingSlash }
        (self.text, self.address) = (text, address)
    }

    package var origin: String { self.address.origin }

    /// Without TLS (loopback only) cookies cannot be `Secure` and there is no HSTS.
    package var usesTLS: Bool { self.address.scheme == "https" }

    /// The path, empty for most: the prefix of every route.
    package var path: String { self.address.path }

    /// The address of one of our pages. `path` starts with a slash.
    package func address(_ path: String) -> String { self.text + path }
}
