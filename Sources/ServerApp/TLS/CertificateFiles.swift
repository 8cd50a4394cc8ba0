internal import Foundation
internal import NIOSSL
internal import Time

/// The certificate and its key as files, read and checked.
struct CertificateFiles: Sendable {
    let certificate: String
    let key: String

    init(_ files: Configuration.CertificatePaths) {
        self.certificate = files.certificateFile
        self.key = files.keyFile
    }

    /// - Parameter now: the certificate must be valid then.
    func load(at now: Instant) throws(StartError) -> LoadedCertificate {
        let chain = try self.chain()
        guard let leaf = chain.first else { throw .certificateMalformed(path: self.certificate) }
        let key = try self.privateKey()
        let times = (Self.instant(leaf.notValidBefore), Self.instant(leaf.notValidAfter))
        guard times.0 <= now else { throw .certificateNotYetValid(path: self.certificate, from: times.0.rfc3339) }
        guard now < times.1 else { throw .certificateExpired(path: self.certificate, since: times.1.rfc3339) }
        guard Self.belongTogether(chain, key) else {
            throw .certificateMismatch(certificate: self.certificate, key: self.key)
        }
        return LoadedCertificate(chain: chain, key: key, names: Self.names(leaf), expires: times.1)
    }

    private static func names(_ leaf: NIOSSLCertificate) -> [String] {
        leaf._subjectAlternativeNames().filter { $0.nameType == .dnsName }
            .map { String(decoding: $0.contents, as: UTF8.self).lowercased() }
    }

    private func chain() throws(StartError) -> [NIOSSLCertificate] {
        guard let data = FileManager.default.contents(atPath: self.certificate) else {
            throw .certificateUnreadable(path: self.certificate)
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(Array(data)) else {
            throw .certificateMalformed(path: self.certificate)
        }
        return chain
    }

    /// A group may read it, as Debian's `ssl-cert` does; others may not.
    private func privateKey() throws(StartError) -> NIOSSLPrivateKey {
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.key)
        guard let attributes, let data = FileManager.default.contents(atPath: self.key) else {
            throw .certificateUnreadable(path: self.key)
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o007 == 0 else { throw .certificateKeyReadableByOthers(path: self.key) }
        guard let key = try? NIOSSLPrivateKey(bytes: Array(data), format: .pem) else {
            throw .certificateKeyMalformed(path: self.key)
        }
        return key
    }

    /// The library says so when it is given both.
    private static func belongTogether(_ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey) -> Bool {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        return (try? NIOSSLContext(configuration: configuration)) != nil
    }

    private static func instant(_ seconds: time_t) -> Instant { Instant(milliseconds: Int64(seconds) * 1000) }

    /// Changes whenever one of the files does; links are followed, since renewals often move a link.
    var stamp: [String] {
        [self.certificate, self.key].map { path in
            let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: real) else { return "none" }
            let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            let number = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
            return "\(real) \(number) \(time)"
        }
    }
}

/// A certificate with its key, and when it ends.
struct LoadedCertificate: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    /// The host names that it is for; `*.` stands for one label (RFC 6125 section 6.4.3).
    let names: [String]
    let expires: Instant

    func isFor(_ host: String) -> Bool {
        let parent = host.split(separator: ".", maxSplits: 1).dropFirst().first.map { "*.\($0)" }
        return self.names.contains { $0 == host || $0 == parent }
    }
}
