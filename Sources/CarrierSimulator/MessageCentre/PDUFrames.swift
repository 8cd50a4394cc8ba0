import NIOCore
import SMPP

/// Cuts what comes over a connection into messages.
struct PDUFrames: ByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let length = try PDUHeader.length(at: buffer.readableBytesView.prefix(4).bytes),
            let message = buffer.readBytes(length: length)
        else { return .needMoreData }
        context.fireChannelRead(self.wrapInboundOut(message))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try self.decode(context: context, buffer: &buffer)
    }
}

extension ByteBufferView {
    fileprivate var bytes: ArraySlice<UInt8> { Array(self)[...] }
}
