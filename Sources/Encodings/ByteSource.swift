// Bytes that come in pieces, for readers that must not hold a whole file.

/// Where a reader gets its bytes. Who reads a file gives the closure; the reader itself touches no file.
package struct ByteSource {
    private let read: () throws -> [UInt8]

    /// `read` gives the next bytes, as many as it likes, and none at the end.
    package init(_ read: @escaping () throws -> [UInt8]) { self.read = read }

    package init(_ bytes: [UInt8]) {
        var rest = bytes
        self.read = {
            defer { rest = [] }
            return rest
        }
    }

    /// The same bytes as of `source`, after some that were taken from it already.
    package init(_ taken: [UInt8], then source: ByteSource) {
        var taken = taken
        self.read = {
            guard !taken.isEmpty else { return try source.next() }
            defer { taken = [] }
            return taken
        }
    }

    /// The next bytes; none at the end.
    package func next() throws(ByteSourceError) -> [UInt8] {
        do {
            return try self.read()
        } catch let error as ByteSourceError {
            throw error
        } catch {
            throw ByteSourceError("\(error)")
        }
    }
}

/// Reading failed, and why, in the words of whoever read.
package struct ByteSourceError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
