import Foundation
import Logging
import TestSupport
import TestWorld
import Testing
import Time

@testable import ServerApp

@Suite("Certificate files")
struct CertificateTests {
    /// The certificates are made by the machine's clock, and valid for a day.
    private static var now: Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    @Test("What is right is taken, with its end")
    func right() throws {
        let made = try MadeCertificate()
        let loaded = try made.files.load(at: Self.now)
        #expect(loaded.chain.count == 1)
        #expect(loaded.expires > Self.now + .hours(23) && loaded.expires < Self.now + .hours(25))
    }

    @Test("A key that a group reads is taken; one that everybody reads is not", arguments: [0o644, 0o604, 0o606])
    func readable(mode: Int) throws {
        let made = try MadeCertificate()
        try made.setMode(0o640)
        _ = try made.files.load(at: Self.now)
        try made.setMode(mode)
        #expect(throws: StartError.certificateKeyReadableByOthers(path: made.key)) {
            _ = try made.files.load(at: Self.now)
        }
    }

    @Test("Missing files, and files with something else in them")
    func malformed() throws {
        let made = try MadeCertificate()
        let (certificate, key) = (try made.contents(made.certificate), try made.contents(made.key))
        try made.write("", to: made.certificate)
        #expect(throws: StartError.certificateMalformed(path: made.certificate)) {
            _ = try made.files.load(at: Self.now)
        }
        try made.write(key, to: made.certificate)
        #expect(throws: StartError.certificateMalformed(path: made.certificate)) {
            _ = try made.files.load(at: Self.now)
        }
        try FileManager.default.removeItem(atPath: made.certificate)
        #expect(throws: StartError.certificateUnreadable(path: made.certificate)) {
            _ = try made.files.load(at: Self.now)
        }
        try made.write(certificate, to: made.certificate)
        try made.write(certificate, to: made.key)
        #expect(throws: StartError.certificateKeyMalformed(path: made.key)) { _ = try made.files.load(at: Self.now) }
        try FileManager.default.removeItem(atPath: made.key)
        #expect(throws: StartError.certificateUnreadable(path: made.key)) { _ = try made.files.load(at: Self.now) }
    }

    @Test("Another certificate's key")
    func mismatch() throws {
        let (one, other) = (try MadeCertificate(), try MadeCertificate())
        try one.write(try other.contents(other.key), to: one.key)
        #expect(throws: StartError.certificateMismatch(certificate: one.certificate, key: one.key)) {
            _ = try one.files.load(at: Self.now)
        }
    }

    @Test("Before and after its time")
    func times() throws {
        let made = try MadeCertificate()
        let end = try made.files.load(at: Self.now).expires
        #expect(throws: StartError.certificateExpired(path: made.certificate, since: end.rfc3339)) {
            _ = try made.files.load(at: end)
        }
        #expect(throws: StartError.self) { _ = try made.files.load(at: Self.now - .days(2)) }
    }

    @Test(
        "The hosts that it is for",
        arguments: [
            ("localhost", true), ("login.example", true), ("a.wild.example", true), ("wild.example", false),
            ("a.b.wild.example", false), ("other.example", false), ("", false),
        ])
    func names(host: String, isFor: Bool) throws {
        let made = try MadeCertificate()
        #expect(try made.files.load(at: Self.now).isFor(host) == isFor)
    }

    @Test("A renewed certificate is taken; one that cannot be used changes nothing")
    func reload() throws {
        let made = try MadeCertificate()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let certificate = try ServerCertificate(made.files, clock: { Self.now }, logger: logger)
        let first = certificate.expires
        let longer = try MadeCertificate(days: 7)
        try made.write(try longer.contents(longer.certificate), to: made.certificate)
        certificate.reloadIfChanged()
        #expect(certificate.expires == first, "the key is still another one's")
        try made.write(try longer.contents(longer.key), to: made.key)
        certificate.reloadIfChanged()
        #expect(certificate.expires > first + .days(5))
    }
}

/// A certificate of this machine for itself, in a folder.
struct MadeCertificate {
    private let folder: TemporaryFolder

    init(days: Int = 1) throws {
        self.folder = try TemporaryFolder()
        try Command.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "\(days)", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,DNS:login.example,DNS:*.wild.example", "-keyout", self.key, "-out",
            self.certificate,
        ])
        try self.setMode(0o600)
    }

    var certificate: String { self.folder.file("cert.pem") }
    var key: String { self.folder.file("key.pem") }
    var paths: Configuration.CertificatePaths { .init(certificateFile: self.certificate, keyFile: self.key) }
    var files: CertificateFiles { CertificateFiles(self.paths) }

    func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.key)
    }

    func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// A new file with mode 0600, so that its change is seen whatever the clock's grain is.
    func write(_ text: String, to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    }
}
