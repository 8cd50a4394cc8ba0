internal import ArgumentParser
internal import Encodings
internal import Time

/// What the figures are parted by.
enum DeliveryParting: String, CaseIterable, ExpressibleByArgument {
    case provider, country, prefix

    var member: String { self == .country ? "by_region" : "by_\(self.rawValue)" }
}

struct DeliveryStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what was sent, through whom, how long it took, what arrived and its cost.",
        discussion: """
            Times are the median of those that were handed over, and of those that arrived, from the request on. Unless told, \
            it is the last 24 hours, by provider and by country.

            Example: countersign delivery status --since 7d --by prefix
            Example: countersign delivery status --since 2026-11-01T00:00:00Z --until 2026-11-08T00:00:00Z --json
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Option(help: "From then on: a time as 2026-01-31T09:30:00Z, or 30m, 24h, 7d ago.") var since = "24h"
    @Option(help: "Before then, likewise; now where it is not given.") var until: String?
    @Option(help: "provider, country or prefix. May be given several times.") var by: [DeliveryParting] = []

    func run() async throws {
        let query = Path.query([
            ("since", try Self.time(self.since, "--since")),
            ("until", try self.until.map { try Self.time($0, "--until") }),
        ])
        let partings = self.by.isEmpty ? [.provider, .country] : self.by
        self.output.show(try await self.server.call("GET", "/delivery/statistics\(query)")) { answer in
            let tables = partings.flatMap { [""] + Self.table($0, answer) }
            return Self.head(answer) + tables
        }
    }

    /// A span of time becomes the time so long ago.
    static func time(_ text: String, _ option: String, now: Instant = .system()) throws -> String {
        if Instant(rfc3339: text) != nil { return text }
        let spans: [Character: Span] = ["m": .minutes(1), "h": .hours(1), "d": .days(1)]
        guard let unit = text.last.flatMap({ spans[$0] }), let count = Int64(text.dropLast()),
            (1...200_000).contains(count)
        else { throw ValidationError("\(option) takes a time such as 2026-01-31T09:30:00Z, or 30m, 24h, 7d") }
        return (now - .milliseconds(unit.milliseconds * count)).rfc3339
    }

    private static func head(_ answer: JSONValue) -> [String] {
        let figures = answer["total"] ?? .null
        var lines = [
            "\(answer.shown("since")) to \(answer.shown("until"))",
            "\(figures.shown("messages")) messages: \(figures.shown("delivered")) arrived, "
                + "\(Self.sum(figures, ["failed", "expired"])) did not, \(figures.shown("sent")) are handed over, "
                + "\(figures.shown("waiting")) wait; cost \(figures.shown("cost"))",
            "handed over after \(Self.times(figures["to_hand_over"])); arrived after \(Self.times(figures["to_arrival"]))",
        ]
        if case .integer(let count)? = figures["without_price"], count > 0 {
            lines.append("not in the cost: \(count), whose provider has no price in the configuration")
        }
        return lines
    }

    private static func table(_ parting: DeliveryParting, _ answer: JSONValue) -> [String] {
        let rows = answer.elements(parting.member).map { line -> [String] in
            let figures = line["figures"] ?? .null
            return [
                Self.name(line, parting), line.shown("channel"), figures.shown("messages"), figures.shown("delivered"),
                "\(Self.sum(figures, ["failed", "expired"]))", "\(Self.sum(figures, ["sent", "waiting"]))",
                Self.median(figures["to_hand_over"]), Self.median(figures["to_arrival"]), figures.shown("cost"),
            ]
        }
        return Columns.lines(
            [
                parting.rawValue.uppercased(), "WAY", "MESSAGES", "ARRIVED", "FAILED", "UNDER WAY", "HANDED OVER IN",
                "ARRIVED IN", "COST",
            ], rows)
    }

    private static func name(_ line: JSONValue, _ parting: DeliveryParting) -> String {
        switch parting {
        case .provider: line.shown("provider")
        case .country: line.shown("region")
        case .prefix: "\(line.shown("region")) \(line.shown("prefix"))"
        }
    }

    private static func sum(_ figures: JSONValue, _ names: [String]) -> Int64 {
        names.reduce(0) { sum, name in if case .integer(let count)? = figures[name] { sum + count } else { sum } }
    }

    private static func median(_ times: JSONValue?) -> String { Self.seconds(times, "median_milliseconds") }

    private static func times(_ times: JSONValue?) -> String {
        guard times != nil else { return "-" }
        return "\(Self.median(times)) (95 %: \(Self.seconds(times, "percentile_95_milliseconds")))"
    }

    private static func seconds(_ times: JSONValue?, _ name: String) -> String {
        guard case .integer(let milliseconds)? = times?[name] else { return "-" }
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
