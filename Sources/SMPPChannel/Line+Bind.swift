internal import Channels
internal import NIOCore
internal import SMPP
internal import Synchronization
internal import Time

/// From the connection to the bind, and to its end.
extension Line {
    func start(lanes: [AsyncStream<PendingReport>.Continuation]) {
        self.state.withLock { state in
            state.isLeaving = false
            state.lanes = lanes
            // What an earlier run left unanswered comes again.
            (state.held, state.unanswered) = ([], 0)
            state.standing = .connecting
        }
    }

    /// - Returns: false when there is to be no connection any more.
    func connecting() -> Bool {
        self.state.withLock { state in
            state.fault = nil
            if !state.isLeaving { state.standing = .connecting }
            return !state.isLeaving
        }
    }

    /// No connection for now; whoever waits for one is told.
    func down(_ fault: DeliveryFault, for pause: Span?) {
        let now = NIODeadline.now()
        self.state.withLock { state in
            state.standing = .down(fault, until: pause.map { now + $0.amount })
            state.endWaiting(.postponed(fault, retryAfter: pause))
        }
        self.tell()
    }

    /// Sends the bind and waits for its answer.
    ///
    /// - Returns: nil when it was taken.
    func bind(_ channel: any Channel) async -> DeliveryFault? {
        await withCheckedContinuation { continuation in
            let request: PDU? = self.state.withLock { state in
                guard !state.isLeaving, channel.isActive else { return nil }
                let sequence = state.nextSequence()
                let timer = self.after(self.settings.timing.answer) {
                    self.close(channel, DeliveryFault(.timedOut, "no answer to the bind"))
                }
                state.standing = .binding(channel, sequence: sequence, timer: timer, continuation)
                return PDU(.bindTransceiver(self.settings.account), sequence: sequence)
            }
            if let request {
                self.send(request, on: channel)
            } else {
                continuation.resume(returning: self.ending)
            }
        }
    }

    /// Why a connection ended.
    var ending: DeliveryFault {
        self.state.withLock { $0.fault ?? DeliveryFault(.unreachable, "the connection ended") }
    }

    func bindAnswered(_ pdu: PDU, on channel: any Channel) {
        let isBound = self.state.withLock { state in
            guard case .binding(_, pdu.sequence, let timer, let continuation) = state.standing else { return false }
            timer.cancel()
            guard pdu.status == .ok else {
                let fault = Answer.bindFault(pdu.status)
                state.fault = fault
                state.standing = .down(fault, until: nil)
                state.news.append { continuation.resume(returning: fault) }
                return false
            }
            state.standing = .bound(channel)
            state.news.append { continuation.resume(returning: nil) }
            return true
        }
        self.tell()
        if isBound {
            self.scheduleEnquiry(on: channel)
            self.fill()
            self.unbindWhenAnswered()
        }
    }

    /// What was written may have arrived; the rest certainly did not.
    func closed() {
        let fault = self.ending
        self.state.withLock { state in
            if case .binding(_, _, let timer, let continuation) = state.standing {
                timer.cancel()
                state.news.append { continuation.resume(returning: fault) }
            }
            state.enquiry?.timer.cancel()
            state.enquiry = nil
            state.nextEnquiry?.cancel()
            state.nextEnquiry = nil
            state.standing = .down(fault, until: nil)
            for flight in state.inFlight.values { state.news.append { flight.end(.unanswered(fault)) } }
            state.inFlight = [:]
            state.endWaiting(.postponed(fault, retryAfter: nil))
        }
        self.tell()
        self.releaseHeld()
    }

    /// Nothing new is taken. The answers that are outstanding are waited for a little, then the bind is ended politely.
    func leave() {
        let channel: (any Channel)? = self.state.withLock { state in
            state.isLeaving = true
            state.endWaiting(.postponed(DeliveryFault(.unreachable, "ending"), retryAfter: nil))
            switch state.standing {
            case .bound(let channel), .binding(let channel, _, _, _): return channel
            case .down, .connecting: return nil
            }
        }
        self.tell()
        guard let channel else { return }
        let farewell = self.settings.timing.farewell
        _ = self.after(farewell) {
            self.unbind(channel)
            _ = self.after(farewell) { self.close(channel, DeliveryFault(.unreachable, "ended")) }
        }
        self.unbindWhenAnswered()
    }

    func unbindWhenAnswered() {
        let channel: (any Channel)? = self.state.withLock { state in
            guard state.isLeaving, state.inFlight.isEmpty, case .bound(let channel) = state.standing else { return nil }
            return channel
        }
        if let channel { self.unbind(channel) }
    }

    private func unbind(_ channel: any Channel) {
        let sequence = self.state.withLock { $0.nextSequence() }
        self.send(PDU(.unbind, sequence: sequence), on: channel)
    }
}

extension Line.State {
    mutating func endWaiting(_ answer: HandOver) {
        for submission in self.waiting.values { self.news.append { submission.end(answer) } }
        self.waiting = [:]
        self.queue.removeAll()
    }
}
