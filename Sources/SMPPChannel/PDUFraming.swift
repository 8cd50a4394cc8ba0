package import NIOCore
internal import NIOSSL
internal import SMPP

/// Cuts what comes into whole messages. An impossible length ends the connection.
package struct PDUFraming: ByteToMessageDecoder {
    package typealias InboundOut = [UInt8]

    package init() {}

    package mutating func decode(
        context: ChannelHandlerContext, buffer: inout ByteBuffer
    ) throws -> DecodingState {
        let start = buffer.getBytes(at: buffer.readerIndex, length: min(4, buffer.readableBytes)) ?? []
        guard let length = try PDUHeader.length(at: start[...]), let bytes = buffer.readBytes(length: length) else {
            return .needMoreData
        }
        context.fireChannelRead(self.wrapInboundOut(bytes))
        return .continue
    }

    /// A message that has not come whole when the connection ends never was one.
    package mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        let state = try self.decode(context: context, buffer: &buffer)
        if state == .needMoreData { buffer.clear() }
        return state
    }
}

/// Passes messages from a connection to its line.
final class LineHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = [UInt8]

    private let line: Line

    init(_ line: Line) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.line.received(self.unwrapInboundIn(data), on: context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.line.failed(error)
        context.close(promise: nil)
    }
}
