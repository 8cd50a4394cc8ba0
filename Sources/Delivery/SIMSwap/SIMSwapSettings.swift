package import Time

/// A service of the operator that knows when a number got another SIM card, and what follows from what it says.
package struct SIMSwapSettings: Sendable {
    /// https, or http on this machine.
    package let address: String
    let token: String
    /// A PEM file with the only authorities that are believed; nil for the machine's own.
    package var certificateAuthority: String?
    /// A SIM card that is younger than this gets no code.
    package var refusesWithin = Span.hours(72)
    /// From the question to the end of the answer.
    package var timeLimit = Span.seconds(1)
    /// Whether the code goes where the service does not say.
    package var sendsUnanswered = true

    /// - Throws: ``SIMSwapSettingsError``.
    package init(address: String, token: String) throws(SIMSwapSettingsError) {
        guard Self.isUsable(address) else { throw .malformedAddress }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformedToken }
        self.address = address
        self.token = token
    }

    /// Numbers must not cross a network readable by everybody. No user, query or fragment: those end up in logs.
    private static func isUsable(_ address: String) -> Bool {
        guard address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !address.contains(where: { "@?#".contains($0) })
        else { return false }
        if address.hasPrefix("https://") { return address.utf8.count > "https://".utf8.count }
        guard address.hasPrefix("http://") else { return false }
        let authority = address.dropFirst("http://".count).prefix { $0 != "/" }
        return ["127.0.0.1", "localhost", "[::1]"].contains { host in
            authority == host || authority.hasPrefix("\(host):")
        }
    }
}

extension SIMSwapSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "SIMSwapSettings(\(self.address))" }
    package var customMirror: Mirror { Mirror(self, children: ["address": self.address]) }
}

package enum SIMSwapSettingsError: Error, Hashable, Sendable {
    /// Neither https, nor http on this machine.
    case malformedAddress
    case malformedToken
    case unreadableCertificateAuthority(path: String)
}
