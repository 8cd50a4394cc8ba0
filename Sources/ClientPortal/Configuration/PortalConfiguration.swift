// What the operator says about the portal, checked before anything starts.

/// The portal's own addresses and its registration at the OpenID provider.
package struct PortalConfiguration: Sendable {
    let issuer: WebAddress
    let clientID: String
    let clientSecret: String
    let host: String
    let port: Int
    /// nil: made from host and port once the port is known.
    let publicURL: WebAddress?

    /// - Throws: `ConfigurationError`, for an address that could not work or would send secrets in the clear.
    package init(
        issuer: String, clientID: String, clientSecret: String, host: String, port: Int, publicURL: String?
    ) throws(ConfigurationError) {
        guard let issuer = WebAddress(issuer), !issuer.text.contains("?") else { throw .notAnAddress(issuer) }
        guard issuer.isSecure || issuer.isLoopback else { throw .plainHTTP(issuer.text) }
        guard !clientID.isEmpty else { throw .noClientID }
        guard !clientSecret.isEmpty else { throw .noClientSecret }
        guard (0...65535).contains(port) else { throw .badPort(port) }
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.host = host
        self.port = port
        self.publicURL = try publicURL.map(Self.origin(parsing:))
    }

    private static func origin(parsing text: String) throws(ConfigurationError) -> WebAddress {
        guard let address = WebAddress(text), let origin = WebAddress(address.origin),
            address.path.isEmpty || address.path == "/", !text.contains("?")
        else { throw .notAnOrigin(text) }
        return origin
    }
}

/// Why the portal does not start. No case carries the client secret.
package enum ConfigurationError: Error, Hashable, Sendable {
    case notAnAddress(String)
    case plainHTTP(String)
    case notAnOrigin(String)
    case noClientID
    case noClientSecret
    case badPort(Int)
    case unreadableFile(String)
    case malformedDemoFile(String)
    case noSuchApplication(String)
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnAddress(let text): "\(text) is not an http or https address without a query."
        case .plainHTTP(let text):
            "\(text) is plain http. Use https; http is accepted for this machine alone (localhost)."
        case .notAnOrigin(let text):
            "\(text) is not a public address. Write it as https://portal.example, without a path."
        case .noClientID: "The client id is empty."
        case .noClientSecret: "The client secret is empty. Write it to a file and name the file."
        case .badPort(let port): "\(port) is not a port. Use 0 to 65535; 0 picks a free one."
        case .unreadableFile(let path): "\(path) cannot be read as UTF-8 text."
        case .malformedDemoFile(let path): "\(path) is not a demo file: it needs \"issuer\" and \"applications\"."
        case .noSuchApplication(let id): "The demo file has no application \"\(id)\" with a client_secret."
        }
    }
}
