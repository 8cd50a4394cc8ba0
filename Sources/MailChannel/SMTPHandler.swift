internal import NIOCore
internal import NIOSSL

/// The conversation on its event loop: one command, one reply. Whatever comes without being asked for ends it.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var reader = SMTPReplyReader()
    private var waiting: EventLoopPromise<SMTPReply>?
    /// Put before this handler as soon as the relay says 220.
    private var awaitedTLS: NIOSSLClientHandler?
    private var failure: (any Error)?
    /// A greeting that came before anybody waited for it.
    private var early: SMTPReply?
    private var hasGreeted = false

    /// Waits for one reply. It may have come before: the greeting does.
    func expect(_ promise: EventLoopPromise<SMTPReply>, then tls: NIOSSLClientHandler? = nil) {
        if let failure = self.failure { return promise.fail(failure) }
        if let early = self.early {
            self.early = nil
            return promise.succeed(early)
        }
        (self.waiting, self.awaitedTLS) = (promise, tls)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            let replies = try self.reader.read(Array(buffer: self.unwrapInboundIn(data)))
            for reply in replies { try self.take(reply, context) }
            // A half reply after "go ahead with TLS" would be read as the first of the protected conversation.
            if self.waiting == nil, self.hasGreeted, self.reader.isBetween { throw SMTPFailure.unasked }
        } catch {
            self.fail(error, context)
        }
    }

    private func take(_ reply: SMTPReply, _ context: ChannelHandlerContext) throws {
        guard let promise = self.waiting else {
            guard !self.hasGreeted else { throw SMTPFailure.unasked }
            (self.hasGreeted, self.early) = (true, reply)
            return
        }
        self.hasGreeted = true
        if let tls = self.awaitedTLS, reply.code == 220 {
            guard !self.reader.isBetween else { throw SMTPFailure.unasked }
            // In the same turn of the loop: the next byte must be TLS.
            try context.pipeline.syncOperations.addHandler(tls, position: .first)
        }
        (self.waiting, self.awaitedTLS) = (nil, nil)
        promise.succeed(reply)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(SMTPFailure.ended, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.fail(error, context) }

    /// The first failure is the one that counts.
    func fail(_ error: any Error, _ context: ChannelHandlerContext?) {
        self.failure = self.failure ?? error
        self.waiting?.fail(self.failure ?? error)
        self.waiting = nil
        context?.close(promise: nil)
    }
}

enum SMTPFailure: Error {
    /// The relay ended the connection.
    case ended
    case timedOut
    /// Bytes that no command asked for: somebody wrote into an unprotected conversation.
    case unasked
    case notOffered(String)
    /// A command that is not one line.
    case malformedCommand
}
