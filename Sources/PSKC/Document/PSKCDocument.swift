// PSKC: Portable Symmetric Key Container (RFC 6030), read. Not here: writing, signatures, keys encrypted to a
// certificate, drafts that came before the RFC, and what a key is for.

package import Encodings

/// All that a container holds, once every part of it was read and every MAC was right.
package struct PSKCDocument: Sendable {
    package let id: String?
    package let protection: PSKCProtection
    /// Whether there is a signature. It is not checked here.
    package let isSigned: Bool
    package let packages: [PSKCKeyPackage]

    /// Whether a secret stands in it that anybody can read.
    package var holdsPlainSecrets: Bool {
        self.packages.contains { $0.key.map { $0.secret != nil && !$0.isSecretEncrypted } ?? false }
    }

    /// Reads a whole container. The packages are kept back until its end, so that a file that is damaged anywhere gives
    /// nothing at all.
    ///
    /// - Parameters:
    ///   - credential: what opens an encrypted container; a plain one needs none.
    ///   - progress: called now and then.
    /// - Throws: ``PSKCError`` for the first thing that is wrong.
    package init(
        reading source: ByteSource, with credential: PSKCCredential? = nil,
        progress: (PSKCProgress) -> Void = { _ in }
    ) throws(PSKCError) {
        var reader = try PSKCReader(source, credential: credential)
        var packages: [PSKCKeyPackage] = []
        while let package = try reader.nextPackage() {
            packages.append(package)
            if packages.count % 1000 == 0 { progress(PSKCProgress(packages: packages.count, bytes: reader.offset)) }
        }
        guard !packages.isEmpty else { throw PSKCError(line: reader.line, reason: .missingElement("KeyPackage")) }
        self.id = reader.id
        self.protection = reader.protection
        self.isSigned = reader.isSigned
        self.packages = packages
    }
}

/// How far the reading has come.
package struct PSKCProgress: Hashable, Sendable {
    package let packages: Int
    package let bytes: Int
}

/// How the secrets of a container are protected (section 6). The names are for people; they choose nothing.
package enum PSKCProtection: Hashable, Sendable {
    case none
    case sharedKey(name: String?)
    case password(name: String?)
}

/// What opens an encrypted container.
package enum PSKCCredential: Sendable {
    /// An AES key of 16, 24 or 32 bytes.
    case sharedKey([UInt8])
    /// Its UTF-8 goes into PBKDF2 as it is.
    case password(String)
}

extension PSKCCredential: CustomStringConvertible, CustomReflectable {
    package var description: String { "PSKCCredential(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
