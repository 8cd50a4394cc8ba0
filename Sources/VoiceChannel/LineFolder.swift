internal import Foundation

/// Where baresip is told to listen for commands: an address of this machine that hardly any other program has.
struct ControlAddress: Hashable {
    let host: String
    let port: Int

    /// One of millions, all of them loopback (RFC 6890): two lines, or two servers, do not meet.
    static func random() -> ControlAddress {
        let parts = (0..<3).map { _ in "\(Int.random(in: 1...254))" }
        return ControlAddress(host: "127.\(parts.joined(separator: "."))", port: Int.random(in: 10000...30000))
    }
}

/// What baresip reads when it starts. No account is in it: that goes over the connection, and to no disk.
struct LineFolder {
    let path: String

    init(_ configuration: Line.Configuration, control: ControlAddress) throws {
        var template = Array(
            FileManager.default.temporaryDirectory.appendingPathComponent("countersign-line-XXXXXX")
                .path.utf8CString)
        guard mkdtemp(&template) != nil else { throw LineError.noFolder(errno: errno) }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            try Self.text(configuration, control).write(
                toFile: "\(self.path)/config", atomically: false, encoding: .utf8)
            try Self.encryption.write(toFile: self.encryptionFile, atomically: false, encoding: .utf8)
            // Without this file baresip would write one with an account of its own invention.
            try "# none\n".write(toFile: "\(self.path)/accounts", atomically: false, encoding: .utf8)
        } catch {
            self.remove()
            throw error
        }
    }

    /// What OpenSSL reads when the line starts (`OPENSSL_CONF`).
    var encryptionFile: String { "\(self.path)/openssl.cnf" }

    /// baresip 1.0 reads its file of authorities and compares nothing with it; OpenSSL does, where it is told to.
    private static let encryption = """
        openssl_conf = line
        [line]
        ssl_conf = settings
        [settings]
        system_default = verifying
        [verifying]
        VerifyMode = Peer
        MinProtocol = TLSv1.2
        CipherString = DEFAULT:@SECLEVEL=2

        """

    func remove() { try? FileManager.default.removeItem(atPath: self.path) }

    private static func text(_ configuration: Line.Configuration, _ control: ControlAddress) -> String {
        let modules = configuration.modules.map { "module \($0).so" }
        let applications = ["account", "menu", "ctrl_tcp"].map { "module_app \($0).so" }
        let lines =
            ["module_path \(configuration.modulesFolder)"] + modules + applications
            + ["ctrl_tcp_listen \(control.host):\(control.port)"] + configuration.lines
        return lines.map { $0 + "\n" }.joined()
    }
}
