// The figures of texts, for people.

/// A table in Markdown: one row a figure, one column a store.
struct TextTable {
    let stores: [TextFigures]

    var text: String {
        Table.row([""] + self.stores.map(\.store)) + Table.row((0...self.stores.count).map { _ in "---" })
            + Self.rows.map { title, cell in Table.row([title] + self.stores.map(cell)) }.joined()
    }

    private static let rows: [(title: String, cell: @Sendable (TextFigures) -> String)] = [
        ("from the request to the SMSC, idle: p50, p99", { Self.times($0.idle) }),
        ("**texts/s handed to the SMSC**, one bind, window 50", { Table.number($0.afterwards) }),
        ("… while as many as can be are asked for", { Table.number($0.perSecond) }),
        ("… and so many are", { Table.number($0.asked?.perSecond ?? 0) }),
        (
            "… processor time of each: server, database, generator with SMSC",
            { $0.asked.map { Table.cost($0.cost) } ?? "" }
        ),
        ("receipts matched, of texts", { "\(Table.number(Double($0.receipts.matched))) of \($0.receipts.texts)" }),
        ("card flows/s, nothing waits", { Table.number($0.flowsBefore?.perSecond ?? 0) }),
        ("texts that wait for a dead provider", { Table.number(Double($0.queued)) }),
        ("card flows/s beside them", { Table.number($0.flowsBeside?.perSecond ?? 0) }),
        (
            "… of those with nothing waiting",
            { Table.percent($0.flowsBeside?.perSecond ?? 0, $0.flowsBefore?.perSecond ?? 0) }
        ),
        ("card flows/s, the same rows, nothing waits any more", { Table.number($0.flowsAfter?.perSecond ?? 0) }),
        (
            "… what waited left of those",
            { Table.percent($0.flowsBeside?.perSecond ?? 0, $0.flowsAfter?.perSecond ?? 0) }
        ),
    ]

    private static func times(_ times: [Duration]) -> String {
        guard !times.isEmpty else { return "" }
        let (median, percentile99) = (times[times.count / 2], times[times.count * 99 / 100])
        return "\(Table.milliseconds(median, 1)), \(Table.milliseconds(percentile99, 1))"
    }
}
