// TerminalClient: a person's terminal before a running server: logs in by the login API, keeps what logs in again without
// typing, and calls the admin API. It holds no secret of an application, opens no store, and decides nothing.

/// Where a server is. Passwords go there, so plain http is for this machine alone.
package struct ServerAddress: Hashable, Sendable {
    /// Without a slash at its end.
    package let text: String

    package init(_ text: String) throws(TerminalError) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        let isSecure = text.hasPrefix("https://") && text.count > 8
        let isHere = ["http://localhost", "http://127.0.0.1", "http://[::1]"].contains { here in
            text == here || text.hasPrefix(here + ":")
        }
        guard isSecure || isHere, !text.contains("@"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badAddress(text)
        }
        self.text = text
    }
}
