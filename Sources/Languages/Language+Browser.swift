extension Language {
    /// What a browser asks for by `Accept-Language`: the language with the greatest weight, the first among equals
    /// (RFC 9110 section 12.5.4). Malformed parts are passed over; English if nothing is left that we write in.
    package init(accepting header: String?) {
        let ranges = (header ?? "").prefix(500).split(separator: ",").compactMap(Self.range(parsing:))
        let best = ranges.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }  // sorted is stable
        self = best.lazy.compactMap { $0.tag == "*" ? .english : Language(tag: $0.tag) }.first ?? .english
    }

    private static func range(parsing text: Substring) -> (tag: String, weight: Double)? {
        let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
        guard let tag = parts.first else { return nil }
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
        return (tag, weight ?? 1)
    }
}
