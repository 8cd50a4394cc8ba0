/// Where a sender wants its receipts: plain http on this machine, since the carrier must call nobody else.
struct CallbackAddress: Hashable, Sendable {
    let text: String

    init?(_ text: String) {
        guard text.utf8.count <= 1_000, text.hasPrefix("http://"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        // A user name before the host could look like the host.
        let authority = text.dropFirst(7).prefix { !"/?#".contains($0) }
        guard LocalRequests.isLocal(String(authority)) else { return nil }
        self.text = text
    }
}
