internal import Time

extension Instant {
    /// For people: `2026-01-31 09:30 UTC`.
    var minuteText: String { "\(self.rfc3339.prefix(16).replacing("T", with: " ")) UTC" }
}
