internal import Channels
internal import Logging
internal import NIOCore
internal import SMPP
internal import Synchronization
internal import Time

/// Messages going out, as far as the window allows.
extension Line {
    func submit(_ message: ShortMessage, _ life: Life, _ place: PartPlace?) async -> HandOver {
        await withCheckedContinuation { continuation in
            let refusal: HandOver? = self.state.withLock { state in
                if let answer = state.noSubmission(at: .now()) { return answer }
                let ticket = state.nextTicket()
                let timer = self.after(self.settings.timing.answer) { self.gaveUpWaiting(ticket) }
                state.waiting[ticket] = Submission(
                    message: message, life: life, place: place, continuation: continuation, timer: timer)
                state.queue.append(ticket)
                return nil
            }
            if let refusal { continuation.resume(returning: refusal) } else { self.fill() }
        }
    }

    /// A number that the parts of one long message have in common.
    func nextWhole() -> UInt64 { self.state.withLock { $0.nextTicket() } }

    /// Sends what the window has room for.
    func fill() {
        self.state.withLock { state in
            guard case .bound(let channel) = state.standing else { return }
            while state.inFlight.count < max(1, self.settings.window), let ticket = state.queue.popFirst() {
                // Whoever gave up is still in the queue.
                guard let submission = state.waiting.removeValue(forKey: ticket) else { continue }
                self.write(submission, on: channel, &state)
            }
        }
        self.tell()
    }

    private func write(_ submission: Submission, on channel: any Channel, _ state: inout State) {
        let now = NIODeadline.now()
        guard let validity = submission.life.validity(at: now, as: self.settings.validity) else {
            state.news.append { submission.end(.refused(DeliveryFault(.expired, "before it was sent"))) }
            return
        }
        var message = submission.message
        message.validity = validity
        let sequence = state.nextSequence()
        submission.timer.cancel()
        let timer = self.after(self.settings.timing.answer) { self.gaveUpAnswer(sequence, on: channel) }
        state.inFlight[sequence] = InFlight(submission: submission, written: now, timer: timer)
        self.send(PDU(.submit(message), sequence: sequence), on: channel)
    }

    private func gaveUpWaiting(_ ticket: UInt64) {
        let fault = DeliveryFault(.timedOut, "no place in the window")
        self.state.withLock { $0.waiting.removeValue(forKey: ticket) }?.end(.postponed(fault, retryAfter: nil))
    }

    private func gaveUpAnswer(_ sequence: UInt32, on channel: any Channel) {
        self.end(sequence, .unanswered(DeliveryFault(.timedOut, "no answer")))
        // Slow, or dead? Better known before the next messages are lost.
        self.enquire(on: channel)
    }

    /// The answer to one message; that to none of ours changes nothing.
    func answered(_ pdu: PDU, id: String?) {
        let flight = self.state.withLock { $0.inFlight[pdu.sequence] }
        guard let flight else { return self.log(.notice, "an answer to no message that waits for one", pdu.status) }
        switch Answer(to: pdu.status) {
        case .taken:
            guard let id else {
                // A generic_nack that reports no failure says nothing that could be believed.
                return self.end(pdu.sequence, .unanswered(DeliveryFault(.malformedAnswer, "generic_nack ESME_ROK")))
            }
            self.taken(pdu.sequence, flight, id)
        case .throttled: self.throttled(pdu, flight)
        case .postponed(let kind):
            self.end(pdu.sequence, .postponed(DeliveryFault(kind, pdu.status.name), retryAfter: nil))
        case .refused(let kind): self.end(pdu.sequence, .refused(DeliveryFault(kind, pdu.status.name)))
        }
    }

    private func taken(_ sequence: UInt32, _ flight: InFlight, _ id: String) {
        let canonical = self.settings.messageIDs.inResponse.canonical(id)
        let reference: String? = self.state.withLock { state in
            state.throttle.taken(written: flight.written)
            return id.isEmpty ? nil : state.ledger.remember(canonical, flight.submission.place)
        }
        self.end(sequence, .accepted(reference: reference))
    }

    /// The whole account is to be quiet for a while: who waits is told now, not each by an answer of his own.
    private func throttled(_ pdu: PDU, _ flight: InFlight) {
        let fault = DeliveryFault(.throttled, pdu.status.name)
        let now = NIODeadline.now()
        let (rest, isNew) = self.state.withLock { state in
            let pause = state.throttle.refused(written: flight.written, at: now)
            let rest = state.throttle.rest(at: now)
            state.endWaiting(.postponed(fault, retryAfter: rest))
            return (rest, pause != nil)
        }
        self.tell()
        if isNew { self.log(.warning, "the provider says that it is too much: a pause", pdu.status) }
        self.end(pdu.sequence, .postponed(fault, retryAfter: rest))
    }

    /// Tells who waits, and makes room for the next.
    func end(_ sequence: UInt32, _ answer: HandOver) {
        let flight = self.state.withLock { $0.inFlight.removeValue(forKey: sequence) }
        guard let flight else { return }
        flight.end(answer)
        self.releaseHeld(answered: sequence)
        self.fill()
        self.unbindWhenAnswered()
    }

    func log(_ level: Logger.Level, _ message: Logger.Message, _ status: CommandStatus) {
        self.logger.log(
            level: level, message, metadata: ["provider": "\(self.settings.name)", "status": "\(status.name)"])
    }
}

extension Line.State {
    /// Why nothing can be sent now; nil when it can.
    fileprivate func noSubmission(at now: NIODeadline) -> HandOver? {
        if self.isLeaving { return .postponed(DeliveryFault(.unreachable, "ending"), retryAfter: nil) }
        if case .down(let fault, let until) = self.standing {
            return .postponed(fault, retryAfter: until.map { max(.seconds(0), ($0 - now).span) })
        }
        guard let rest = self.throttle.rest(at: now) else { return nil }
        return .postponed(DeliveryFault(.throttled, "a pause"), retryAfter: rest)
    }
}
