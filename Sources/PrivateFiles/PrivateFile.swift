// PrivateFiles: files that hold secrets. It knows nothing of what is in them, and keeps nobody from writing at the same time.

internal import Foundation

/// A file that its owner alone may read, from its first moment on, whatever the umask.
///
/// Foundation's `createFile` makes it with the umask's mode and changes that afterwards: a file that is readable for a moment
/// is a file that was read.
package struct PrivateFile: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// Makes the file, all of it or nothing. What is there already, be it a link that leads nowhere, stays as it is.
    package func create(_ content: [UInt8]) throws(PrivateFileError) {
        let draft = try self.draft(content)
        defer { unlink(draft) }
        guard link(draft, self.path) == 0 else { throw PrivateFileError(code: errno) }
        self.keepName()
    }

    /// Puts the content in the place of what is there, all of it or nothing. A link is replaced, and not followed.
    package func replace(with content: [UInt8]) throws(PrivateFileError) {
        let draft = try self.draft(content)
        guard rename(draft, self.path) == 0 else {
            let code = errno
            unlink(draft)
            throw PrivateFileError(code: code)
        }
        self.keepName()
    }

    /// A whole file beside it, under a name that nobody could put something at.
    private func draft(_ content: [UInt8]) throws(PrivateFileError) -> String {
        let path = "\(self.path).\(UInt64.random(in: .min ... .max))"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PrivateFileError(code: errno) }
        let isWritten = Self.write(content, to: file) && fsync(file) == 0
        let code = errno
        close(file)
        guard isWritten else {
            unlink(path)
            throw PrivateFileError(code: code)
        }
        return path
    }

    private static func write(_ content: [UInt8], to file: Int32) -> Bool {
        content.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }

    /// So that the name outlives a loss of power as the content does.
    private func keepName() {
        let folder = open(URL(fileURLWithPath: self.path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}

/// Why a file was not written; nothing of it is left.
package struct PrivateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system's `errno`.
    package let code: Int32

    package var description: String { String(cString: strerror(self.code)) }
}
