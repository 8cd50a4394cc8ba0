internal import Flows
internal import SQL
internal import Storage

/// Why the server or a command could not start: one sentence, and what to do.
package enum StartError: Error, Hashable, Sendable, CustomStringConvertible {
    case masterKeyMissing(path: String)
    case masterKeyInDataFolder(path: String)
    case masterKeyReadableByOthers(path: String)
    case masterKeyUnreadable(path: String)
    case masterKeyUnwritable(path: String)
    case masterKeyMalformed(place: String)
    case wrongMasterKey
    case newerSchema(found: Int64, known: Int64)
    case olderSchema(found: Int64, needed: Int64)
    case storeUnusable(String, hint: String)
    case cannotListen(host: String, port: Int, why: String)
    case blocklistUnreadable(path: String)
    case certificateUnreadable(path: String)
    case certificateMalformed(path: String)
    case certificateKeyMalformed(path: String)
    case certificateKeyReadableByOthers(path: String)
    case certificateMismatch(certificate: String, key: String)
    case certificateExpired(path: String, since: String)
    case certificateNotYetValid(path: String, from: String)

    package var description: String {
        switch self {
        case .masterKeyMissing(let path):
            "the store holds data, but its master key is not at \(path)\n    hint: restore that file, or set \(MasterKeyFile.variable); without the key nothing in the store can be opened"
        case .masterKeyInDataFolder(let path):
            "the master key \(path) lies in the data folder, so a copy of the folder would hold both\n    hint: set secrets.master_key_file to a path outside it"
        case .masterKeyReadableByOthers(let path):
            "the master key \(path) can be read by others\n    hint: chmod 600 \(path)"
        case .masterKeyUnreadable(let path):
            "the master key \(path) cannot be read\n    hint: it must belong to the user that runs the server"
        case .masterKeyUnwritable(let path):
            "the master key cannot be made at \(path)\n    hint: make its folder, and let the server's user write there"
        case .masterKeyMalformed(let place):
            "\(place) does not hold a master key\n    hint: it is 64 hexadecimal digits"
        case .wrongMasterKey:
            "this is not the master key that the store was made with\n    hint: restore the right one; nothing was changed"
        case .newerSchema(let found, let known):
            "the store has schema version \(found), and this program knows versions up to \(known)\n    hint: start the newer program; nothing was changed"
        case .olderSchema(let found, let needed):
            "the store has schema version \(found), and this program needs \(needed)\n    hint: back up, then countersign migrate; nothing was changed"
        case .storeUnusable(let why, let hint):
            "the store cannot be opened: \(why)\n    hint: \(hint)"
        case .cannotListen(let host, let port, let why):
            "cannot listen on \(host), port \(port): \(why)\n    hint: stop the program that does, or set listen.host and listen.port to others"
        case .blocklistUnreadable(let path):
            "the blocklist \(path) cannot be read\n    hint: it is a text file with one password a line"
        case .certificateUnreadable, .certificateMalformed, .certificateKeyMalformed, .certificateKeyReadableByOthers,
            .certificateMismatch, .certificateExpired, .certificateNotYetValid:
            self.ofCertificate
        }
    }

    private var ofCertificate: String {
        switch self {
        case .certificateUnreadable(let path):
            "\(path) cannot be read\n    hint: check listen.tls, and that the server's user may read it"
        case .certificateMalformed(let path):
            "\(path) holds no certificate\n    hint: it is a PEM file: -----BEGIN CERTIFICATE-----, the server's own first"
        case .certificateKeyMalformed(let path):
            "\(path) holds no private key\n    hint: it is a PEM file without a passphrase: -----BEGIN PRIVATE KEY-----"
        case .certificateKeyReadableByOthers(let path):
            "the private key \(path) can be read by everybody\n    hint: chmod o= \(path), and make a new key if others work on this machine"
        case .certificateMismatch(let certificate, let key):
            "the certificate \(certificate) and the key \(key) do not belong together\n    hint: name the key that the certificate was asked for with"
        case .certificateExpired(let path, let since):
            "the certificate \(path) has expired: \(since)\n    hint: renew it"
        case .certificateNotYetValid(let path, let from):
            "the certificate \(path) is valid only from \(from)\n    hint: check this machine's clock"
        default: ""
        }
    }

    private static let generalHint = "check the settings below store, and that the store itself is well"

    private static func hint(_ error: SQLError) -> String {
        switch error {
        case .unavailable, .closed:
            "check the settings below store, that the disk has room, and that the database server runs"
        case .full: "make room on its disk; nothing was changed"
        case .readOnly: "let the server's user write the file and its folder"
        case .notADatabase: "check the path, or restore the file from a backup; nothing was changed"
        case .conflict, .uniqueViolation, .constraint, .statement, .wrongColumn: Self.generalHint
        }
    }

    /// What a failure to open the store means to an operator.
    package init(opening error: any Error) {
        switch error {
        case let error as StartError: self = error
        case MigrationError.newerSchema(let found, let known): self = .newerSchema(found: found, known: known)
        case StoreKeysError.wrongMasterKey: self = .wrongMasterKey
        case let error as SQLError: self = .storeUnusable("\(error)", hint: Self.hint(error))
        default: self = .storeUnusable("\(error)", hint: Self.generalHint)
        }
    }
}
