internal import Time

/// Retry-After (RFC 9110 section 10.2.3): seconds, or a date in the form that is to be written (section 5.6.7).
enum RetryAfter {
    /// A provider who says "in a week" does not get to stop our retries.
    static let longest = Span.hours(1)

    static func span(_ text: String, at now: Instant) -> Span? {
        guard let span = self.seconds(text) ?? self.date(text).map({ $0 - now }) else { return nil }
        return min(max(span, .seconds(0)), self.longest)
    }

    private static func seconds(_ text: String) -> Span? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text).map { .seconds($0) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static func date(_ text: String) -> Instant? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Instant(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
