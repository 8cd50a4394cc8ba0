// The figures of one run, for people.

/// A table in Markdown: one row a figure, one column a store, ratios beside what they are ratios of.
struct Table {
    let stores: [StoreFigures]
    let diskSync: Duration

    var text: String {
        let names = self.stores.map(\.store)
        return "disk: a 4 KiB write is durable after \(Self.milliseconds(self.diskSync, 2))\n\n"
            + Self.row([""] + names) + Self.row((0...names.count).map { _ in "---" })
            + self.rows.map { title, cell in Self.row([title] + self.stores.map(cell)) }.joined()
    }

    private typealias Row = (title: String, cell: (StoreFigures) -> String)

    private var rows: [Row] {
        let cards = (self.stores.first?.cards ?? []).indices.flatMap(Self.cardRows)
        return [
            ("commits/s, raw, \(RawCommits.tasks) tasks", { Self.number($0.commits) }),
            ("GET /health/live /s, 32 connections", { Self.number($0.trivial?.perSecond ?? 0) }),
        ] + cards + [
            ("Argon2id/s, raw", { Self.number($0.hashes, 1) }),
            ("password logins/s, 192 connections", { Self.number($0.passwords?.perSecond ?? 0, 1) }),
            ("… of the raw hash rate just before and after", { Self.percent($0.passwordShare, 1) }),
            (
                "… processor time: server with its hash, database, generator",
                { $0.passwords.map { Self.cost($0.cost) } ?? "" }
            ),
            ("ready after", { Self.milliseconds($0.ready) }),
            ("memory idle, after the load", { "\(Self.number($0.idleMemory)), \(Self.number($0.loadedMemory)) MiB" }),
        ]
    }

    private static func cardRows(_ index: Int) -> [Row] {
        func cell(_ text: @escaping (LoadResult, StoreFigures) -> String) -> (StoreFigures) -> String {
            { figures in text(figures.cards[index].result, figures) }
        }
        let connections = [16, 32, 64][index]
        return [
            ("**card flows/s, \(connections) connections**", cell { flows, _ in Self.number(flows.perSecond) }),
            (
                "… p50, p99",
                cell { flows, _ in
                    "\(Self.milliseconds(flows.median, 1)), \(Self.milliseconds(flows.percentile99, 1))"
                }
            ),
            ("… durable steps of the raw commits", cell { Self.percent(2 * $0.perSecond, $1.commits) }),
            ("… requests of the trivial route", cell { Self.percent(2 * $0.perSecond, $1.trivial?.perSecond ?? 0) }),
            ("… processor time: server, database, generator", cell { flows, _ in Self.cost(flows.cost) }),
        ]
    }

    static func line(_ name: String, _ result: LoadResult) -> String {
        "\(name): \(Self.number(result.perSecond, 1))/s, p50 \(Self.milliseconds(result.median, 2)), "
            + "p99 \(Self.milliseconds(result.percentile99, 2)), \(Self.cost(result.cost))"
    }

    static func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    static func cost(_ cost: ProcessorCost) -> String {
        "\(Self.number(cost.server)), \(Self.number(cost.database)), \(Self.number(cost.generator)) µs"
    }

    static func percent(_ part: Double, _ whole: Double) -> String {
        "\(Self.number(100 * part / max(whole, 1))) %"
    }

    static func milliseconds(_ duration: Duration, _ places: Int = 0) -> String {
        "\(Self.number(duration / .milliseconds(1), places)) ms"
    }

    /// With so many decimal places, and a comma at the thousands.
    static func number(_ value: Double, _ places: Int = 0) -> String {
        let scale = (0..<places).reduce(Int64(1)) { product, _ in product * 10 }
        let scaled = Int64((value * Double(scale)).rounded())
        let (whole, rest) = (scaled / scale, scaled % scale)
        let grouped = whole < 1000 ? "\(whole)" : "\(whole / 1000),\(Self.padded(whole % 1000, to: 3))"
        return places == 0 ? grouped : "\(grouped).\(Self.padded(rest, to: places))"
    }

    private static func padded(_ number: Int64, to digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
