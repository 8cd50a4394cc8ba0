internal import ArgumentParser
internal import CardFiles
internal import Encodings
internal import Foundation
internal import PSKC

/// Which file of cards, and what opens it.
struct CardFileOptions: ParsableArguments {
    @Argument(help: "The file: PSKC (RFC 6030) or CSV.")
    var file: String
    @Option(help: "A file with the shared AES key of an encrypted PSKC file, in hexadecimal.")
    var keyFile: String?
    @Option(help: "A file with the password of an encrypted PSKC file, in its first line.")
    var passwordFile: String?
    @Flag(help: "Take a file whose keys are not encrypted.")
    var allowPlaintext = false

    func validate() throws {
        guard self.keyFile == nil || self.passwordFile == nil else {
            throw ValidationError("Give --key-file or --password-file, not both.")
        }
    }

    /// The cards, if all of them are good.
    func read() throws -> CardFile {
        let credential = try self.credential()
        let progress = ProgressLine()
        let file: CardFile
        do {
            file = try CardFile(reading: try FileSource(self.file).bytes, with: credential) {
                progress.show("\($0.entries) read, \($0.bytes / 1_048_576) MiB")
            }
        } catch let error as CardFileError {
            progress.clear()
            throw Failure("\(self.file): \(error)", hint: self.hint(for: error))
        }
        progress.clear()
        guard !file.isPlain || self.allowPlaintext else {
            throw Failure(
                "\(self.file): the keys in it are not encrypted",
                hint: "ask for an encrypted file, or say --allow-plaintext and delete the file afterwards")
        }
        return file
    }

    private func credential() throws -> PSKCCredential? {
        if let keyFile {
            guard let key = try? Hexadecimal.decode(try SecretFile.firstLine(keyFile).lowercased()), !key.isEmpty else {
                throw Failure("\(keyFile): this is no key in hexadecimal")
            }
            return .sharedKey(key)
        }
        guard let passwordFile else { return nil }
        let password = try SecretFile.firstLine(passwordFile)
        guard !password.isEmpty else { throw Failure("\(passwordFile): the first line is empty") }
        return .password(password)
    }

    private func hint(for error: CardFileError) -> String {
        switch error.reason {
        case .pskc(.sharedKeyNeeded): "name the file that holds the key with --key-file"
        case .pskc(.passwordNeeded): "name the file that holds the password with --password-file"
        default: "no card was taken from this file"
        }
    }
}

/// The bytes of a file, 64 KiB at a time.
struct FileSource {
    let bytes: ByteSource

    init(_ path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Failure("\(path) cannot be read", hint: "is it there, and may you read it?")
        }
        self.bytes = ByteSource {
            do {
                return Array(try handle.read(upToCount: 65_536) ?? Data())
            } catch {
                // Foundation's words for it are long, and name the machine's inner things.
                throw ByteSourceError("is it a file?")
            }
        }
    }
}
