// What this system sends over PostgreSQL's NOTIFY.

/// Keys on their way between nodes: the sender's name on the first line, one key on each other line.
struct PostgresPayload: Hashable {
    static let channel = "countersign"
    /// PostgreSQL's limit is 7,999 bytes.
    private static let longest = 7_900
    private static let longestKey = 1_000

    let node: String
    let keys: [String]

    var text: String { ([self.node] + self.keys).joined(separator: "\n") }

    init(node: String, keys: [String]) {
        self.node = node
        self.keys = keys
    }

    /// Nil for an empty text, which is none of ours.
    init?(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let node = lines.first, !node.isEmpty else { return nil }
        self.init(node: node, keys: Array(lines.dropFirst()))
    }

    /// As many payloads as the keys need. A key that fits in none is left out: other nodes ask for everything now and
    /// then anyway.
    static func packing(_ keys: [String], node: String) -> [PostgresPayload] {
        var payloads: [PostgresPayload] = []
        var batch: [String] = []
        var length = node.utf8.count
        for key in keys where Self.isSendable(key) {
            if length + key.utf8.count + 1 > Self.longest {
                payloads.append(PostgresPayload(node: node, keys: batch))
                (batch, length) = ([], node.utf8.count)
            }
            batch.append(key)
            length += key.utf8.count + 1
        }
        return batch.isEmpty ? payloads : payloads + [PostgresPayload(node: node, keys: batch)]
    }

    private static func isSendable(_ key: String) -> Bool {
        key.utf8.count <= self.longestKey && !key.utf8.contains { $0 == 0x0a || $0 == 0 }
    }
}
