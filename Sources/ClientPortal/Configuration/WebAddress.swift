// An http or https address, parsed once (RFC 3986, RFC 6454 for the origin).

import Foundation

/// An absolute `http` or `https` address without user name or fragment.
struct WebAddress: Hashable, Sendable {
    /// The address exactly as given.
    let text: String
    /// Scheme, host and, unless it is the scheme's own, port: what a browser sends as `Origin`.
    let origin: String
    let isSecure: Bool
    let host: String
    let path: String

    /// - Returns: nil unless the text is an absolute http(s) address of printable ASCII.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return nil }
        let ownPort = scheme == "https" ? 443 : 80
        let port = parts.port.flatMap { $0 == ownPort ? nil : ":\($0)" } ?? ""
        self.text = text
        self.origin = "\(scheme)://\(host)\(port)"
        self.isSecure = scheme == "https"
        self.host = host
        self.path = parts.percentEncodedPath
    }

    /// Plain http is for programs on the same machine alone.
    var isLoopback: Bool {
        self.host == "localhost" || self.host == "[::1]" || self.isLoopbackIPv4
    }

    private var isLoopbackIPv4: Bool {
        let parts = self.host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The address with more query parameters, each percent-encoded.
    func adding(_ parameters: [(name: String, value: String)]) -> String {
        let query = parameters.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        return self.text + (self.text.contains("?") ? "&" : "?") + query
    }
}

extension WebAddress: CustomStringConvertible {
    var description: String { self.text }
}
