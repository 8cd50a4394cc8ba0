// Netstrings (cr.yp.to/proto/netstrings.txt), in which baresip's module ctrl_tcp wraps its messages.

internal import NIOCore

enum NetstringError: Error, Hashable {
    case malformed
    case tooLong
}

/// Takes netstrings apart.
struct NetstringDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    static let limit = 64 * 1024

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let content = try Self.next(from: &buffer) else { return .needMoreData }
        context.fireChannelRead(Self.wrapInboundOut(content))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try self.decode(context: context, buffer: &buffer)
    }

    /// The first netstring, taken from the buffer; nil while it has not all come.
    static func next(from buffer: inout ByteBuffer) throws -> ByteBuffer? {
        let start = buffer.readableBytesView
        guard let colon = start.prefix(6).firstIndex(of: UInt8(ascii: ":")) else {
            guard start.count < 6, start.allSatisfy(self.isDigit) else { throw NetstringError.malformed }
            return nil
        }
        let digits = start[..<colon]
        guard !digits.isEmpty, digits.allSatisfy(self.isDigit) else { throw NetstringError.malformed }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard length <= self.limit else { throw NetstringError.tooLong }
        let header = digits.count + 1
        guard start.count >= header + length + 1 else { return nil }
        buffer.moveReaderIndex(forwardBy: header)
        let content = buffer.readSlice(length: length)
        guard buffer.readInteger(as: UInt8.self) == UInt8(ascii: ",") else { throw NetstringError.malformed }
        return content
    }

    static func wrapped(_ content: [UInt8]) -> ByteBuffer {
        ByteBuffer(bytes: Array("\(content.count):".utf8) + content + [UInt8(ascii: ",")])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
