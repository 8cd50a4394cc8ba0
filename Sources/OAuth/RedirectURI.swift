// Redirect addresses: what may be registered, and when a request's address is the registered one
// (RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 section 2.1).

internal import Encodings

/// An address that answers may be sent to. A value of this type has passed the rules of registration.
package struct RedirectURI: Hashable, Sendable {
    private enum Place: Hashable, Sendable {
        case web(WebAddress)
        case privateUse(scheme: String)
    }

    /// The text exactly as given; comparison is on it.
    package let text: String
    private let place: Place

    /// - Parameter native: whether the client is an app on the user's device: only then may the scheme be its own.
    package init(parsing text: String, native: Bool) throws(AddressError) {
        self.text = text
        if native, let own = try Self.privateUse(text) { self.place = own } else { self.place = try Self.web(text) }
    }

    /// Whether a request's `redirect_uri` is this one: equal byte for byte, save that the port of a native client's
    /// loopback address is open, since the app takes whatever port is free (RFC 8252 section 7.3).
    package func matches(_ requested: String, native: Bool) -> Bool {
        self.resolve(requested, native: native) != nil
    }

    /// The address as requested, if it `matches`: with the port that was asked for.
    package func resolve(_ requested: String, native: Bool) -> RedirectURI? {
        if requested.utf8.elementsEqual(self.text.utf8) { return self }
        guard native, case .web(let own) = self.place, own.scheme == "http", own.isLoopback,
            let other = try? RedirectURI(parsing: requested, native: true), case .web(let address) = other.place,
            address.withoutPort == own.withoutPort
        else { return nil }
        return other
    }

    /// `https://host[:port]`; for an app's own scheme `scheme:`.
    package var origin: String {
        switch self.place {
        case .web(let address): address.origin
        case .privateUse(let scheme): "\(scheme):"
        }
    }

    /// What `form-action` in a Content-Security-Policy must name, or the browser stops the redirect after a form.
    /// A source has no way to write an IPv6 address: the scheme stands in for it.
    package var formActionSource: String {
        guard case .web(let address) = self.place, address.host.hasPrefix("[") else { return self.origin }
        return "\(address.scheme):"
    }
}

extension RedirectURI {
    /// What an answer adds: a registered query must not say it already.
    private static let reserved = ["code", "state", "iss", "error", "error_description", "error_uri"]

    private static func web(_ text: String) throws(AddressError) -> Place {
        let address = try WebAddress(parsing: text)
        switch address.scheme {
        case "https": break
        case "http": guard address.isLoopback else { throw .needsTLS }
        default: throw address.scheme.contains(".") ? .notForWebClients : .malformedScheme
        }
        try self.checkQuery(address.query)
        return .web(address)
    }

    /// `com.example.app:/path` (RFC 8252 section 7.1): a reversed domain name, so the scheme has a dot.
    private static func privateUse(_ text: String) throws(AddressError) -> Place? {
        guard let colon = text.firstIndex(of: ":"), text[..<colon].contains(".") else { return nil }
        try WebAddress.checkCharacters(text)
        guard WebAddress.isScheme(text[..<colon]), !text[..<colon].hasSuffix(".") else { throw .malformedScheme }
        let parts = text[colon...].dropFirst().split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].hasPrefix("/") else { throw .notAbsolute }
        guard !parts[0].contains("@") else { throw .userInformation }
        try WebAddress.checkPath(String(parts[0]))
        try self.checkQuery(parts.count == 2 ? String(parts[1]) : nil)
        return .privateUse(scheme: String(text[..<colon]))
    }

    private static func checkQuery(_ query: String?) throws(AddressError) {
        guard let query else { return }
        guard let fields = try? FormURLEncoded.parse(query.utf8) else { throw .query }
        if let name = self.reserved.first(where: { fields[$0] != nil }) { throw .reservedParameter(name) }
    }
}
