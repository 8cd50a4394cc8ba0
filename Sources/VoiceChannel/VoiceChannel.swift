// VoiceChannel: calls a user and reads him a code, over a SIP provider, by baresip. It makes no text of a code, answers no calls,
// and decides nothing about who is called.

package import Channels
package import Logging
package import Speech
internal import Synchronization
package import Time

/// A pool of telephone lines. Each call has a process of its own, which ends with it.
package final class VoiceChannel: DeliveryChannel {
    private let settings: VoiceSettings
    private let speech: Speech
    private let logger: Logger
    private let lines: LineCount
    /// Where calls go in; nil while nobody runs the channel.
    private let intake = Mutex<AsyncStream<Call>.Continuation?>(nil)

    package init(settings: VoiceSettings, speech: Speech, logger: Logger) throws(VoiceSettingsError) {
        try settings.check()
        (self.settings, self.speech, self.logger) = (settings, speech, logger)
        self.lines = LineCount(most: settings.lines)
    }

    /// Makes the calls. When it is cancelled it hangs up, and returns when no process is left.
    package func run(reporting: @escaping @Sendable (DeliveryReport) async -> Void) async throws(CancellationError) {
        let (calls, intake) = AsyncStream<Call>.makeStream()
        self.intake.withLock { $0 = intake }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.prepare() }
            for await call in calls { group.addTask { await call.run(reporting: reporting) } }
            self.intake.withLock { $0 = nil }
            group.cancelAll()
        }
        throw CancellationError()
    }

    /// Whether calls are taken.
    var isRunning: Bool { self.intake.withLock { $0 != nil } }

    /// Starts the call and waits until it rings, is answered, or fails: 15 seconds at most, the making of what is said and the
    /// start of a process. Nothing rings once the message's time is up.
    package func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver {
        guard case .call(let code) = message.content else {
            return .refused(DeliveryFault(.rejectedContent, "no call"))
        }
        guard Self.isNumber(message.recipient) else { return .refused(DeliveryFault(.invalidRecipient, "not E.164")) }
        guard now < message.expires else { return .refused(DeliveryFault(.expired, "before the call")) }
        guard let slot = self.lines.take() else {
            return .postponed(DeliveryFault(.linesTaken, "all lines are taken"), retryAfter: .seconds(5))
        }
        let begun = ContinuousClock.now
        do {
            let spoken = try await self.speech.call(code, in: SpokenLanguage(tag: message.language))
            let made = Span.milliseconds(Int64((ContinuousClock.now - begun) / .milliseconds(1)))
            return await self.place(message, spoken, slot, at: now + made)
        } catch SpeechError.notDigits {
            return .refused(DeliveryFault(.rejectedContent, "not digits"))
        } catch {
            self.logger.error("there is no voice", metadata: ["problem": "\(error)"])
            return .postponed(DeliveryFault(.providerFault, "no voice"), retryAfter: nil)
        }
    }

    private func place(_ message: OutgoingMessage, _ spoken: SpokenCall, _ slot: LineSlot, at now: Instant) async
        -> HandOver
    {
        await withCheckedContinuation { continuation in
            let answer = CallAnswer(continuation)
            let call = Call(
                message, spoken, settings: self.settings, logger: self.logger, at: now, answer: answer, slot: slot)
            // Where nobody takes it, it is let go, and answers by that.
            _ = self.intake.withLock { $0?.yield(call) }
        }
    }

    private func prepare() async {
        do { try await self.speech.prepare(firm: "") } catch {
            self.logger.error("there is no voice for calls", metadata: ["problem": "\(error)"])
        }
    }

    /// A plus sign and 7 to 15 digits, the first not 0 (E.164).
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count)
            && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    }
}
