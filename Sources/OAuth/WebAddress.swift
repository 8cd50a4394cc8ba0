// An absolute address as we register it: a strict part of RFC 3986, in one spelling.

/// `scheme://host[:port][path][?query]`, taken apart. Strict, never tolerant: browsers and libraries disagree about
/// what they repair, and whoever exploits that gets the authorization code.
struct WebAddress: Hashable, Sendable {
    let scheme: String
    let host: String
    let port: Int?
    /// Empty, or from the slash on.
    let path: String
    /// Without its question mark.
    let query: String?

    init(parsing text: String) throws(AddressError) {
        try Self.checkCharacters(text)
        guard let colon = text.firstIndex(of: ":") else { throw .notAbsolute }
        let scheme = text[..<colon]
        guard Self.isScheme(scheme) else { throw .malformedScheme }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { throw .notAbsolute }
        let end = rest.dropFirst(2).firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = try Self.authority(rest.dropFirst(2)[..<end])
        let tail = rest[end...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        (self.scheme, self.host, self.port) = (String(scheme), authority.host, authority.port)
        self.path = tail.first.map(String.init) ?? ""
        self.query = tail.count == 2 ? String(tail[1]) : nil
        try Self.checkPath(self.path)
    }

    var isLoopback: Bool { ["127.0.0.1", "[::1]", "localhost"].contains(self.host) }

    /// The origin as a browser writes it: without a default port.
    var origin: String {
        let usual = ["https": 443, "http": 80][self.scheme]
        guard let port = self.port, port != usual else { return "\(self.scheme)://\(self.host)" }
        return "\(self.scheme)://\(self.host):\(port)"
    }

    /// The same address with no port.
    var withoutPort: String {
        "\(self.scheme)://\(self.host)\(self.path)" + (self.query.map { "?\($0)" } ?? "")
    }

    static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first.isLowercase, text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { $0.isLowercase || $0.isDigit || "+-.".utf8.contains($0) }
    }
}

extension WebAddress {
    /// The characters of RFC 3986 without the fragment's `#` and the wildcard's `*`, and whole escapes only.
    static func checkCharacters(_ text: String) throws(AddressError) {
        guard text.utf8.count <= 2_000 else { throw .tooLong }
        guard !text.utf8.contains(UInt8(ascii: "#")) else { throw .fragment }
        guard !text.utf8.contains(UInt8(ascii: "*")) else { throw .wildcard }
        guard text.utf8.allSatisfy(self.isAddressByte) else { throw .forbiddenCharacter }
        for part in text.lowercased().split(separator: "%", omittingEmptySubsequences: false).dropFirst() {
            let digits = part.prefix(2)
            guard digits.utf8.count == 2, digits.first != "+", let byte = UInt8(digits, radix: 16) else {
                throw .malformedEscape
            }
            guard byte >= 0x20, byte != 0x7F else { throw .forbiddenCharacter }
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "-._~:/?[]@!$&'()+,;=%".utf8.contains(byte)
    }

    /// Dot segments and escaped separators are read differently by every server on the way.
    static func checkPath(_ path: String) throws(AddressError) {
        let plain = path.lowercased()
        guard !["%2f", "%5c", "%2e"].contains(where: plain.contains) else { throw .ambiguousPath }
        guard !plain.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else { throw .ambiguousPath }
        guard !plain.contains("["), !plain.contains("]") else { throw .forbiddenCharacter }
    }

    private static func authority(_ text: Substring) throws(AddressError) -> (host: String, port: Int?) {
        guard !text.contains("@") else { throw .userInformation }
        let bracket = text.lastIndex(of: "]") ?? text.startIndex
        guard let colon = text[bracket...].firstIndex(of: ":") else { return (try HostName.checked(text), nil) }
        let host = try HostName.checked(text[..<colon])
        return (host, try self.port(text[text.index(after: colon)...]))
    }

    /// No leading zero, no sign: `:080` and `:80` would be two spellings of one port.
    private static func port(_ text: Substring) throws(AddressError) -> Int {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit), !text.hasPrefix("0"),
            let port = Int(text), port <= 65_535
        else { throw .malformedPort }
        return port
    }
}

/// Why an address was refused.
package enum AddressError: Error, Hashable, Sendable {
    case tooLong
    case notAbsolute
    case malformedScheme
    case malformedHost
    case malformedPort
    case malformedEscape
    case forbiddenCharacter
    case userInformation
    case fragment
    case wildcard
    case query
    case reservedParameter(String)
    case ambiguousPath
    case trailingSlash
    case needsTLS
    case notForWebClients
}
