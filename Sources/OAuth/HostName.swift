// The host of an address (RFC 3986 section 3.2.2), in one spelling.

/// Lower-case DNS names, dotted IPv4 addresses and bracketed IPv6 addresses. International names come as `xn--`.
enum HostName {
    static func checked(_ text: Substring) throws(AddressError) -> String {
        let valid = text.hasPrefix("[") ? self.isBracketedIPv6(text) : self.isName(text)
        guard valid else { throw .malformedHost }
        return String(text)
    }

    private static func isName(_ text: Substring) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(self.isLabel), let last = labels.last else { return false }
        // A browser takes a host whose last label is a number for an IPv4 address: 2130706433 and 127.1 are 127.0.0.1.
        guard self.isNumber(last) else { return true }
        return labels.count == 4 && labels.allSatisfy(self.isOctet)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
        else { return false }
        return label.allSatisfy { $0.isLowercase || $0.isDigit || $0 == UInt8(ascii: "-") }
    }

    private static func isNumber(_ label: Substring.UTF8View) -> Bool {
        label.allSatisfy(\.isDigit) || label.starts(with: "0x".utf8)
    }

    private static func isOctet(_ label: Substring.UTF8View) -> Bool {
        guard label.count <= 3, label.allSatisfy(\.isDigit), label.count == 1 || label.first != UInt8(ascii: "0")
        else { return false }
        return label.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
    }

    /// Groups of hexadecimal digits with at most one `::`; no zone, no dotted tail.
    private static func isBracketedIPv6(_ text: Substring) -> Bool {
        guard text.hasSuffix("]") else { return false }
        let halves = self.halves(text.dropFirst().dropLast())
        let groups = halves.flatMap { $0.isEmpty ? [] : $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard groups.allSatisfy(self.isGroup) else { return false }
        return halves.count == 1 ? groups.count == 8 : groups.count < 8
    }

    /// What stands on both sides of the first `::`.
    private static func halves(_ text: Substring) -> [Substring] {
        var previous = text.startIndex
        for index in text.indices.dropFirst() {
            if text[index] == ":", text[previous] == ":" { return [text[..<previous], text[index...].dropFirst()] }
            previous = index
        }
        return [text]
    }

    private static func isGroup(_ group: Substring) -> Bool {
        (1...4).contains(group.utf8.count) && group.utf8.allSatisfy { $0.isDigit || (0x61...0x66).contains($0) }
    }
}
