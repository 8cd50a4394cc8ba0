import HTTPEdge
import Testing

@Suite("Where a request came from")
struct ClientAddressTests {
    @Test(
        "An address, and the network that its failures count for",
        arguments: [
            ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
            ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
            ("::ffff:cb00:7109", "203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:DB8:1:2::ffff", "2001:db8:1:2:0:0:0:ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::ffff", "2001:db8:1:3:0:0:0:ffff", "2001:db8:1:3::/64"),
            ("fe80::1%eth0", "fe80:0:0:0:0:0:0:1", "fe80:0:0:0::/64"), ("::1", "0:0:0:0:0:0:0:1", "0:0:0:0::/64"),
        ])
    func read(text: String, address: String, network: String) throws {
        let read = try #require(ClientAddress(text))
        #expect(read.text == address && read.network == network)
    }

    @Test(
        "What is none",
        arguments: ["", " ", "x", "203.0.113", "203.0.113.256", "203.0.113.9:80", "[::1]", ":::", "1::2::3", "::1 "])
    func refused(text: String) {
        #expect(ClientAddress(text) == nil)
    }
}
