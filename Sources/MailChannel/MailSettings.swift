internal import Channels
internal import NIOSSL
package import Time

/// How one relay is spoken to.
package struct MailSettings: Sendable {
    package var host: String
    /// 587 for submission with STARTTLS, 465 for TLS from the start (RFC 8314 section 3).
    package var port: Int
    package var security: Security
    package var credentials: Credentials?
    package var sender: MailSender
    /// How this server names itself (EHLO): its own host name.
    package var helloName: String
    package var connectTimeout: Span
    /// From the connection to the relay's last answer.
    package var totalTimeout: Span
    /// A PEM file with the only authorities that are believed; nil for the machine's own.
    package var certificateAuthority: String?

    package init(
        host: String, port: Int = 587, security: Security = .startTLS, credentials: Credentials? = nil,
        sender: MailSender, helloName: String, connectTimeout: Span = .seconds(2), totalTimeout: Span = .seconds(10),
        certificateAuthority: String? = nil
    ) {
        (self.host, self.port, self.security, self.credentials) = (host, port, security, credentials)
        (self.sender, self.helloName) = (sender, helloName)
        (self.connectTimeout, self.totalTimeout) = (connectTimeout, totalTimeout)
        self.certificateAuthority = certificateAuthority
    }

    package enum Security: String, Sendable, CaseIterable {
        /// A relay that does not offer it gets nothing.
        case startTLS = "starttls"
        case implicitTLS = "tls"
        /// To a relay on this machine alone.
        case none
    }

    /// Prints without its password.
    package struct Credentials: Sendable, CustomStringConvertible, CustomReflectable {
        package let user: String
        package let password: String

        package init(user: String, password: String) { (self.user, self.password) = (user, password) }

        package var description: String { "Credentials(…)" }
        package var customMirror: Mirror { Mirror(self, children: []) }
    }
}

/// Whom a mail is from.
package struct MailSender: Sendable {
    package let address: String
    /// As the user sees it: the firm.
    package let name: String

    package init(address: String, name: String) { (self.address, self.name) = (address, name) }
}

/// Why settings were refused.
package enum MailSettingsError: Error, Hashable, Sendable {
    case malformedHost(String)
    case malformedSender(String)
    case malformedHelloName(String)
    case malformedCredentials
    /// Without TLS to another machine.
    case unprotected(String)
    case unusableTimeouts
    case unreadableCertificateAuthority(path: String)
}

extension MailSettings {
    func check() throws(MailSettingsError) {
        guard Self.isHostName(self.host), (1...65_535).contains(self.port) else { throw .malformedHost(self.host) }
        guard MailAddress(self.sender.address) != nil, MailHeader.isText(self.sender.name),
            !self.sender.name.isEmpty
        else {
            throw .malformedSender(self.sender.address)
        }
        guard Self.isHostName(self.helloName) else { throw .malformedHelloName(self.helloName) }
        if let credentials = self.credentials {
            // PLAIN ends its parts with NUL (RFC 4616 section 2).
            let isFit = [credentials.user, credentials.password].allSatisfy { !$0.isEmpty && !$0.utf8.contains(0) }
            guard isFit else { throw .malformedCredentials }
        }
        guard self.security != .none || self.isLoopback else { throw .unprotected(self.host) }
        guard self.connectTimeout > .seconds(0), self.totalTimeout >= self.connectTimeout else {
            throw .unusableTimeouts
        }
    }

    func tlsContext() throws(MailSettingsError) -> NIOSSLContext? {
        guard self.security != .none else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        let path = self.certificateAuthority
        do {
            if let path { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path)) }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .unreadableCertificateAuthority(path: path ?? "the machine's own")
        }
    }

    private var isLoopback: Bool {
        self.host == "localhost" || self.host == "::1"
            || self.host.hasPrefix("127.") && self.host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    }

    private static func isHostName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-.:".utf8.contains(byte)
                }
            }
    }
}
