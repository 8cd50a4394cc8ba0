// The Authorization header (RFC 9110 section 11.6.2).

/// Takes the header apart into scheme and value.
enum AuthorizationHeader {
    /// What follows the scheme, which is compared without case, and exactly one space; `nil` for another scheme.
    static func value(of scheme: String, in header: String) -> Substring? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[0].utf8.allSatisfy({ $0 < 0x80 }),
            parts[0].lowercased() == scheme
        else { return nil }
        return parts[1]
    }
}
