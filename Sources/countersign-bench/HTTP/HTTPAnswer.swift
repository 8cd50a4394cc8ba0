// An HTTP/1.1 answer, read as cheaply as it can be: the generator shares its processors with the server.

import NIOCore

/// An answer with a length; the server sends no other to these requests.
struct HTTPAnswer {
    let status: Int
    let body: [UInt8]
    private let head: [UInt8]

    /// Takes one answer off the buffer; nil if it is not all there yet.
    init?(_ buffer: inout ByteBuffer) throws {
        let view = buffer.readableBytesView
        guard let end = Self.endOfHead(view) else { return nil }
        let head = Array(view[view.startIndex..<end])
        guard let length = Int(Self.value(of: "content-length", in: head) ?? "") else {
            throw BenchError("an answer without a length")
        }
        guard view.endIndex - end >= length else { return nil }
        guard head.count > 12, let status = Int(String(decoding: head[9..<12], as: UTF8.self)) else {
            throw BenchError("an answer without a status")
        }
        self.status = status
        self.head = head
        self.body = Array(view[end..<end + length])
        buffer.moveReaderIndex(forwardBy: head.count + length)
        buffer.discardReadBytes()
    }

    /// The first header of that name, in lower case.
    func header(_ name: String) -> String? { Self.value(of: name, in: self.head) }

    private static func endOfHead(_ view: ByteBufferView) -> Int? {
        var index = view.startIndex
        while index + 3 < view.endIndex {
            if view[index + 3] == 0x0A, view[index + 2] == 0x0D, view[index + 1] == 0x0A { return index + 4 }
            index += 1
        }
        return nil
    }

    private static func value(of name: String, in head: [UInt8]) -> String? {
        let name = Array(name.utf8)
        for line in head.split(separator: 0x0A) where line.count > name.count + 1 {
            let start = line.startIndex
            guard line[start + name.count] == UInt8(ascii: ":"),
                zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
            else { continue }
            let value = line[(start + name.count + 1)...].drop { $0 == 0x20 }
            return String(decoding: value.prefix { $0 != 0x0D }, as: UTF8.self)
        }
        return nil
    }
}
