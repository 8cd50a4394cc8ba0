internal import Foundation
internal import HTTPEdge
internal import OAuth
internal import Time

/// How browsers reach the server.
extension Doctor {
    func address() -> [Finding] {
        let (issuer, listen) = (self.configuration.issuer, self.configuration.listen)
        guard issuer.usesTLS else { return [self.plainAddress()] }
        guard listen.tls == nil else { return [self.tlsAddress()] }
        guard Self.isLoopback(listen.host) else {
            return [
                Finding(
                    .warning, "address",
                    "\(issuer.text) is https, and \(listen.host):\(listen.port) is plain http on a network",
                    hint: "set listen.tls, or let only the proxy that ends TLS reach this port")
            ]
        }
        return [
            Finding(.ok, "address", "\(issuer.text), behind a proxy that reaches \(listen.host):\(listen.port)")
        ]
    }

    private func plainAddress() -> Finding {
        let (issuer, listen) = (self.configuration.issuer, self.configuration.listen)
        if let port = Self.port(of: issuer), listen.port != 0, port != listen.port {
            return Finding(
                .problem, "address", "the issuer is \(issuer.text), but the server listens on port \(listen.port)",
                hint: "give both the same port")
        }
        return Finding(
            .warning, "address", "\(issuer.text) is plain http: for a trial on this machine alone",
            hint: "for use set an https issuer, and listen.tls or a proxy")
    }

    private func tlsAddress() -> Finding {
        let (issuer, listen) = (self.configuration.issuer, self.configuration.listen)
        if let port = Self.port(of: issuer), port != listen.port, self.configuration.trustedProxies.isEmpty {
            return Finding(
                .warning, "address",
                "browsers go to port \(port) of \(issuer.text), and the server listens on port \(listen.port)",
                hint: "set listen.port to \(port), or forward that port to it")
        }
        return Finding(.ok, "address", "\(issuer.text), with TLS of its own on port \(listen.port)")
    }

    /// The port that browsers use.
    static func port(of issuer: Issuer) -> Int? {
        URLComponents(string: issuer.text).map { $0.port ?? (issuer.usesTLS ? 443 : 80) }
    }

    static func isLoopback(_ host: String) -> Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }

    func proxies() -> [Finding] {
        let configuration = self.configuration
        let proxies = configuration.trustedProxies.map(\.text)
        if proxies.isEmpty, configuration.issuer.usesTLS, configuration.listen.tls == nil {
            return [
                Finding(
                    .warning, "proxies", "no proxy is trusted, so every user seems to come from the proxy's address",
                    hint: "set trusted_proxies to the proxy's address")
            ]
        }
        let strangers = proxies.filter { !["127.0.0.1", "0:0:0:0:0:0:0:1"].contains($0) }
        if Self.isLoopback(configuration.listen.host), let stranger = strangers.first {
            return [
                Finding(
                    .warning, "proxies", "\(stranger) is trusted, but the server listens on this machine alone",
                    hint: "take it out of trusted_proxies, or set listen.host")
            ]
        }
        return proxies.isEmpty ? [] : [Finding(.ok, "proxies", "trusted: \(proxies.joined(separator: ", "))")]
    }

    /// nil for an address, whose certificates name it otherwise.
    private var issuerName: String? {
        guard let host = URLComponents(string: self.configuration.issuer.text)?.host?.lowercased() else { return nil }
        return ClientAddress(host.filter { $0 != "[" && $0 != "]" }) == nil ? host : nil
    }

    func certificate() -> [Finding] {
        guard let paths = self.configuration.listen.tls else { return [] }
        do {
            let loaded = try CertificateFiles(paths).load(at: self.clock())
            let days = (loaded.expires.milliseconds - self.clock().milliseconds) / Span.days(1).milliseconds
            if let host = self.issuerName, !loaded.isFor(host) {
                return [
                    Finding(
                        .problem, "certificate",
                        "it is for \(loaded.names.joined(separator: ", ")), and the issuer is \(host)",
                        hint: "name a certificate for \(host) in listen.tls.certificate_file")
                ]
            }
            let message = "valid until \(loaded.expires.rfc3339)"
            guard days >= 14 else {
                return [
                    Finding(
                        .warning, "certificate", "\(message): \(days) days",
                        hint: "renew \(paths.certificateFile); the server takes the new one by itself")
                ]
            }
            return [Finding(.ok, "certificate", message)]
        } catch {
            return [Finding("certificate", error)]
        }
    }
}
