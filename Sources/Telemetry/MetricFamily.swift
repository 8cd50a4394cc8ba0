/// One metric with all its series.
protocol MetricFamily: Sendable {
    var heading: MetricHeading { get }
    func lines() -> [String]
}

/// The lines above a metric's series.
struct MetricHeading: Sendable {
    let name: String
    let help: String
    let kind: String

    var text: String {
        let help = MetricLine.escaped(self.help, quotes: false)
        return "# HELP \(self.name) \(help)\n# TYPE \(self.name) \(self.kind)\n"
    }
}

/// One line: name, labels, number.
enum MetricLine {
    static func text(_ name: String, _ labels: some Sequence<(String, String)>, _ value: Double) -> String {
        let pairs = labels.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(separator: ",")
        return "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(Self.number(value))"
    }

    /// Scalar by scalar: `\r\n` is one `Character`, and would pass as neither.
    static func escaped(_ value: String, quotes: Bool) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"" where quotes: text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        // A sum of fractions is printed with digits that mean nothing, and that look like anything: 0.30000000000000004.
        return "\((value * 1_000_000).rounded() / 1_000_000)"
    }
}
