package import Time

/// The provider's account, and how it is used. ``VoiceChannel`` refuses settings that it could not keep.
package struct VoiceSettings: Sendable {
    package enum Transport: String, Hashable, Sendable, CaseIterable {
        case udp, tcp
        /// Encrypted, with a certificate under ``certificateAuthority``. Its name is not compared: baresip 1.0 cannot.
        case tls
    }

    /// The part before the `@` of who calls: at most providers the number that the callee sees.
    package var user: String
    /// The provider: a host name or address, with `:port` where it is not the usual one. Calls and registrations go there.
    package var domain: String
    /// A name that some telephones show.
    package var displayName: String?
    /// For the provider's password question, where it is not ``user``.
    package var authenticationUser: String?
    package var password: String?
    /// A host name or address, with `:port` where needed, that all requests go through.
    package var outboundProxy: String?
    package var transport = Transport.udp
    /// A PEM file with the only authorities that are believed with ``Transport/tls``; nil for the machine's own.
    package var certificateAuthority: String?
    /// Sound goes out encrypted (SRTP, keys by SDES) or not at all. Of use only with ``Transport/tls``.
    package var encryptsSound = false
    /// Whether each line registers before it calls.
    package var registers = false
    /// A network interface's name or an address of this machine; nil for the one that leads to the provider.
    package var networkInterface: String?
    package var rtpPorts: ClosedRange<Int> = 10000...20000
    /// What stands before country code and number: `+`, `00`, or nothing.
    package var numberPrefix = "+"
    /// How many calls at once.
    package var lines = 4
    /// From the first ringing.
    package var ringTimeout = Span.seconds(30)
    /// How soon the provider must say that it took a call.
    package var takenWithin = Span.seconds(15)
    package var baresip = "/usr/bin/baresip"
    package var modules = "/usr/lib/baresip/modules"

    package init(user: String, domain: String) { (self.user, self.domain) = (user, domain) }
}

/// What is wrong with a setting. It names the setting, and never repeats a password.
package enum VoiceSettingsError: Error, Hashable, Sendable {
    /// A character that cannot stand there, or nothing at all.
    case malformed(String)
    case outOfRange(String, ClosedRange<Int64>)
    /// Keys of the sound's encryption would go over the network in clear.
    case soundWithoutTLS
}

extension VoiceSettingsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let setting): "\(setting) is empty, or holds a character that it cannot hold"
        case .outOfRange(let setting, let range): "\(setting) is not from \(range.lowerBound) to \(range.upperBound)"
        case .soundWithoutTLS: "the keys of encrypted sound need transport tls"
        }
    }
}

extension VoiceSettings {
    func check() throws(VoiceSettingsError) {
        let name = Self.alphanumeric.union("+-._~".utf8)
        let host = Self.alphanumeric.union(".-:[]".utf8)
        // What ends a parameter or a quoted text in baresip's account line.
        let separators = Set(";,\"<>\\".utf8)
        let plain = Set(UInt8(0x21)...0x7E).subtracting(separators)
        try Self.check("user", self.user, name)
        try Self.check("domain", self.domain, host)
        try Self.check("outbound proxy", self.outboundProxy, host)
        try Self.check("authentication user", self.authenticationUser, plain)
        try Self.check("password", self.password, plain)
        try Self.check(
            "display name", self.displayName, Set(UInt8(0x20)...0xFF).subtracting(separators).subtracting([0x7F]))
        try Self.check("network interface", self.networkInterface, host.union("_@".utf8))
        try Self.check("file of authorities", self.certificateAuthority, Set(UInt8(0x21)...0x7E))
        if self.numberPrefix != "" { try Self.check("number prefix", self.numberPrefix, Set("+0123456789#*".utf8)) }
        try Self.check("lines", Int64(self.lines), 1...64)
        try Self.check("ring timeout in milliseconds", self.ringTimeout.milliseconds, 100...120_000)
        try Self.check("time to take a call in milliseconds", self.takenWithin.milliseconds, 100...15_000)
        try Self.check("first RTP port", Int64(self.rtpPorts.lowerBound), 1024...65000)
        try Self.check("last RTP port", Int64(self.rtpPorts.upperBound), Int64(self.rtpPorts.lowerBound) + 10...65535)
        guard !self.encryptsSound || self.transport == .tls else { throw .soundWithoutTLS }
    }

    private static let alphanumeric = Set(UInt8(ascii: "a")...UInt8(ascii: "z"))
        .union(UInt8(ascii: "A")...UInt8(ascii: "Z")).union(UInt8(ascii: "0")...UInt8(ascii: "9"))

    private static func check(_ setting: String, _ value: String?, _ allowed: Set<UInt8>) throws(VoiceSettingsError) {
        guard let value else { return }
        guard (1...255).contains(value.utf8.count), value.utf8.allSatisfy(allowed.contains) else {
            throw .malformed(setting)
        }
    }

    private static func check(
        _ setting: String, _ value: Int64, _ range: ClosedRange<Int64>
    ) throws(VoiceSettingsError) {
        guard range.contains(value) else { throw .outOfRange(setting, range) }
    }
}
