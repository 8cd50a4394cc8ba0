internal import Glibc

/// An IP address, and the network that failures are counted by.
package struct ClientAddress: Hashable, Sendable {
    /// Canonical text; an IPv4 address mapped into IPv6 is written as IPv4.
    package let text: String
    /// The address itself for IPv4, the /64 for IPv6: a home or a phone has a whole /64.
    package let network: String

    /// nil for anything that is not an address.
    package init?(_ text: some StringProtocol) {
        let bare = text.prefix { $0 != "%" }  // without the zone of a link-local address
        if let bytes = Self.parse(String(bare), AF_INET, 4) {
            self.text = bytes.map(String.init).joined(separator: ".")
            self.network = self.text
        } else if let bytes = Self.parse(String(bare), AF_INET6, 16) {
            self = Self.version6(bytes)
        } else {
            return nil
        }
    }

    private init(text: String, network: String) {
        self.text = text
        self.network = network
    }

    private static func version6(_ bytes: [UInt8]) -> ClientAddress {
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            let text = bytes[12...].map(String.init).joined(separator: ".")
            return ClientAddress(text: text, network: text)
        }
        let groups = (0..<8).map { String(UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]), radix: 16) }
        return ClientAddress(
            text: groups.joined(separator: ":"), network: groups[..<4].joined(separator: ":") + "::/64")
    }

    private static func parse(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
