internal import Foundation

/// An open file that no folder has: its content is in memory, and gone when the last process that holds it has ended,
/// however that ends.
///
/// It takes the place of pipes too: whoever writes never waits for a reader, nor dies of one that went away.
package final class MemoryFile: Sendable {
    let descriptor: Int32

    package init(_ content: [UInt8] = []) throws(ChildProcessError) {
        let name = "/countersign-\(UInt64.random(in: .min ... .max))"
        let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw .noMemory(errno: errno) }
        // The name goes before there is anything to read under it.
        shm_unlink(name)
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        try self.write(content)
    }

    deinit { close(self.descriptor) }

    /// Everything that was written; nil when that is more than `limit`.
    package func content(atMost limit: Int) -> [UInt8]? {
        var status = stat()
        guard fstat(self.descriptor, &status) == 0, status.st_size <= limit else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let got = pread(
                    self.descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count, off_t(count))
                guard got > 0 else { return }
                count += got
            }
        }
    }

    /// At a place given, so that a program which takes this as its input reads from the beginning.
    private func write(_ content: [UInt8]) throws(ChildProcessError) {
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                pwrite(self.descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written, off_t(written))
            }
            guard count > 0 else { throw .noMemory(errno: errno) }
            written += count
        }
    }
}
