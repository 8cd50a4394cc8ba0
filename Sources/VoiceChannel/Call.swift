internal import Channels
internal import ChildProcesses
internal import Logging
internal import Speech
internal import Time

/// One call, from its line's start to its end.
struct Call: Sendable {
    /// Names it in reports: the message's own id, so that a report cannot come before its reader knows the name.
    let reference: String
    let address: String
    let spoken: SpokenCall
    let settings: VoiceSettings
    let logger: Logger
    let started: Instant
    /// It rings before this, or not at all.
    let expires: Instant
    let answer: CallAnswer
    /// Kept while the call lasts.
    let slot: LineSlot

    private let begun = ContinuousClock.now

    init(
        _ message: OutgoingMessage, _ spoken: SpokenCall, settings: VoiceSettings, logger: Logger, at now: Instant,
        answer: CallAnswer, slot: LineSlot
    ) {
        self.reference = "\(message.id)"
        self.address = settings.address(of: message.recipient)
        (self.spoken, self.settings, self.logger) = (spoken, settings, logger)
        (self.started, self.expires, self.answer, self.slot) = (now, message.expires, answer, slot)
    }

    func run(reporting: @escaping @Sendable (DeliveryReport) async -> Void) async {
        let line: Line
        do { line = try await self.openLine() } catch {
            self.logger.error("a line did not start", metadata: ["problem": "\(error)"])
            self.answer.give(.postponed(DeliveryFault(.providerFault, "the line did not start"), retryAfter: nil))
            return
        }
        guard self.now < self.expires else {
            self.answer.give(.refused(DeliveryFault(.expired, "before it was dialled")))
            return await line.close()
        }
        // Who takes a report may need a while: that must not keep a pressed key waiting.
        let (reports, outlet) = AsyncStream<DeliveryReport>.makeStream()
        let reporter = Task { for await report in reports { await reporting(report) } }
        await self.converse(on: line, outlet)
        await line.close()
        outlet.finish()
        await reporter.value
    }

    private func converse(on line: Line, _ outlet: AsyncStream<DeliveryReport>.Continuation) async {
        let (events, inlet) = AsyncStream<CallEvent>.makeStream()
        let listener = Task {
            for await message in line.messages { if let event = CallEvent(message) { inlet.yield(event) } }
            inlet.yield(.ended(.lineLost))
        }
        defer { listener.cancel() }
        var dialogue = CallDialogue(
            reference: self.reference, registers: self.settings.registers, times: self.times, at: self.now)
        line.send("uanew", self.settings.account)
        self.perform(dialogue.opening, on: line, outlet)
        var timer = self.timer(dialogue.deadline, inlet)
        defer { timer?.cancel() }
        for await event in events {
            self.perform(dialogue.handle(event, at: self.now), on: line, outlet)
            timer?.cancel()
            guard !dialogue.isOver else { return }
            timer = self.timer(dialogue.deadline, inlet)
        }
        // The stream ends when this task is cancelled.
        self.perform(dialogue.handle(.stopped, at: self.now), on: line, outlet)
    }

    private func perform(
        _ effects: [CallDialogue.Effect], on line: Line, _ outlet: AsyncStream<DeliveryReport>.Continuation
    ) {
        for effect in effects {
            switch effect {
            case .dial: line.send("dial", self.address)
            case .play(let part): line.send("ausrc", "aufile,\(Self.path(of: part))")
            case .hangUp: line.send("hangup")
            case .answer(let answer): self.answer.give(answer)
            case .report(let progress, let detail):
                outlet.yield(
                    DeliveryReport(reference: self.reference, progress: progress, detail: detail, at: self.now))
            }
        }
    }

    private func timer(
        _ deadline: Instant?, _ inlet: AsyncStream<CallEvent>.Continuation
    ) -> Task<Void, any Error>? {
        deadline.map { deadline in
            Task {
                try await Task.sleep(for: .milliseconds((deadline - self.now).milliseconds))
                inlet.yield(.timePassed)
            }
        }
    }

    /// The time by the clock of whoever handed the call over.
    private var now: Instant {
        let passed = (ContinuousClock.now - self.begun) / .milliseconds(1)
        return self.started + .milliseconds(Int64(passed))
    }
}

extension Call {
    private var times: CallDialogue.Times {
        CallDialogue.Times(
            taken: min(self.settings.takenWithin, self.expires - self.now), ring: self.settings.ringTimeout,
            request: self.spoken.request.duration,
            code: self.spoken.code.duration, heard: self.spoken.heardAfter, reported: self.spoken.reported.duration)
    }

    /// Before anybody answers, a line sends silence: some providers let sound through while it rings, and what is said then
    /// nobody hears. The end of its sound ends a call, so it is longer than any ringing.
    private var silence: Sound {
        .silence(.milliseconds((self.settings.ringTimeout + self.settings.takenWithin).milliseconds + 30_000))
    }

    /// All that may be said is in memory, open in baresip alone: a code is on no disk.
    private func openLine() async throws -> Line {
        let sounds = [self.silence, self.spoken.request, self.spoken.code, self.spoken.reported]
        return try await Line.open(
            Line.Configuration(
                program: self.settings.baresip, modulesFolder: self.settings.modules,
                modules: self.settings.modulesUsed,
                lines: self.settings.configuration(firstSound: Program.childPath(ofFile: 0)),
                files: try sounds.map { try MemoryFile($0.wav) }))
    }

    private static func path(of part: CallDialogue.Part) -> String {
        switch part {
        case .request: Program.childPath(ofFile: 1)
        case .code: Program.childPath(ofFile: 2)
        case .reported: Program.childPath(ofFile: 3)
        }
    }
}

extension Span {
    fileprivate static func + (left: Span, right: Span) -> Span {
        .milliseconds(left.milliseconds + right.milliseconds)
    }
}
