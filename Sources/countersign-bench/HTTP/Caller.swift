// One connection of the load generator.

import NIOCore

/// Holds a conversation on a connection, round after round, until the tally is over. On its event loop alone.
final class Caller: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var conversation: any Conversation
    private let tally: Tally
    private var received = ByteBuffer()
    private var began = ContinuousClock.now

    init(_ conversation: any Conversation, tally: Tally) {
        self.conversation = conversation
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) { self.advance(nil, context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.received.writeBuffer(&bytes)
        do {
            while let answer = try HTTPAnswer(&self.received) {
                guard (200..<400).contains(answer.status) else {
                    let body = String(decoding: answer.body.prefix(300), as: UTF8.self)
                    throw BenchError("the server answered \(answer.status): \(body)")
                }
                self.advance(answer, context)
            }
        } catch {
            self.fail(error, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !self.tally.isOver { self.tally.fail(BenchError("the server closed a connection")) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.fail(error, context) }

    private func advance(_ answer: HTTPAnswer?, _ context: ChannelHandlerContext) {
        do {
            if let question = try self.conversation.next(after: answer) { return self.send(question, context) }
            self.tally.record(self.began.duration(to: .now))
            guard !self.tally.isOver else { return context.close(promise: nil) }
            self.began = .now
            guard let first = try self.conversation.next(after: nil) else { throw BenchError("nothing to ask") }
            self.send(first, context)
        } catch {
            self.fail(error, context)
        }
    }

    private func send(_ question: HTTPQuestion, _ context: ChannelHandlerContext) {
        let bytes = context.channel.allocator.buffer(string: question.text)
        context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil)
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        self.tally.fail(error)
        context.close(promise: nil)
    }
}
