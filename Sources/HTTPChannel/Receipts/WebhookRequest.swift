/// What an edge was sent at a webhook's address. The edge bounds the body's length before it reads it.
package struct WebhookRequest: Sendable {
    package let method: String
    /// The whole address as the provider was told it, and so as he signed it: scheme, public host, path and query. Behind a
    /// proxy that is not what the server itself sees.
    package let address: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(method: String, address: String, headers: [(name: String, value: String)], body: [UInt8]) {
        (self.method, self.address, self.headers, self.body) = (method, address, headers, body)
    }

    /// The header's value; nil if it is not there, or there twice.
    func header(_ name: String) -> String? {
        let values = self.headers.filter { $0.name.lowercased() == name.lowercased() }
        return values.count == 1 ? values[0].value : nil
    }

    var query: Substring {
        let parts = self.address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? parts[1] : ""
    }

    /// As it was sent, escapes and all.
    var lastPathComponent: Substring {
        let path = self.address.prefix { $0 != "?" && $0 != "#" }
        return path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    }
}
