extension VoiceSettings {
    /// The account as baresip reads it. It holds the password.
    var account: String {
        let name = self.displayName.map { "\"\($0)\" " } ?? ""
        var parameters = ["regint=\(self.registers ? 600 : 0)", "answermode=manual", "audio_codecs=pcmu,pcma"]
        parameters += self.authenticationUser.map { ["auth_user=\($0)"] } ?? []
        parameters += self.password.map { ["auth_pass=\($0)"] } ?? []
        parameters += self.outboundProxy.map { ["outbound=\"sip:\($0);transport=\(self.transport.rawValue)\""] } ?? []
        parameters += self.encryptsSound ? ["mediaenc=srtp-mand"] : []
        let address = "\(name)<sip:\(self.user)@\(self.domain);transport=\(self.transport.rawValue)>"
        return ([address] + parameters).joined(separator: ";")
    }

    /// Whom to call.
    ///
    /// - Parameter number: in E.164 with its plus sign.
    func address(of number: String) -> String {
        "sip:\(self.numberPrefix)\(number.dropFirst())@\(self.domain);user=phone"
    }

    /// - Parameter sound: what the line sends from the beginning of a call.
    func configuration(firstSound: String) -> [String] {
        let authorities = self.certificateAuthority ?? Self.machinesAuthorities
        let encryption = self.transport == .tls ? ["sip_cafile \(authorities)"] : []
        return (self.networkInterface.map { ["net_interface \($0)"] } ?? []) + encryption + [
            "rtp_ports \(self.rtpPorts.lowerBound)-\(self.rtpPorts.upperBound)",
            "audio_source aufile,\(firstSound)",
            // Nobody else can call in while it waits for its own call.
            "call_max_calls 1",
            "statmode_default off",
            "redial_attempts 0",
            "ringback_disabled yes",
        ]
    }

    /// Of Debian, whose baresip it is.
    private static let machinesAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    var modulesUsed: [String] { ["g711", "aufile"] + (self.encryptsSound ? ["srtp"] : []) }
}
