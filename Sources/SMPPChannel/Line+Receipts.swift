internal import Channels
internal import Logging
internal import NIOCore
internal import SMPP
internal import Synchronization
internal import Time

/// Receipts, from the provider to whoever keeps them.
extension Line {
    /// More than this and the provider is told to wait: no window of receipts is so large.
    private static let mostUnanswered = 2000

    func delivered(_ message: ShortMessage, sequence: UInt32, on channel: any Channel) {
        guard message.messageClass.isReceipt else {
            return self.dropped("a message from a telephone", sequence, channel)
        }
        guard let receipt = try? DeliveryReceipt(message, spelling: self.settings.messageIDs) else {
            return self.dropped("a receipt without an id", sequence, channel)
        }
        let status: CommandStatus? = self.state.withLock { state in
            guard state.unanswered < Self.mostUnanswered, !state.isLeaving else { return CommandStatus(.rmsgqful) }
            state.unanswered += 1
            // Before the answer to its own message: whoever waits for that does not know the id yet.
            guard state.ledger.knows(receipt.messageID) || state.inFlight.isEmpty else {
                state.held.append(
                    HeldReceipt(
                        receipt: receipt, sequence: sequence, connection: channel,
                        awaited: Set(state.inFlight.keys)))
                return nil
            }
            return self.pass(receipt, sequence, channel, &state)
        }
        if let status { self.send(PDU(.deliverResponse, status: status, sequence: sequence), on: channel) }
    }

    /// Passes on what waited for this answer, or for any on a connection that is gone.
    func releaseHeld(answered: UInt32? = nil) {
        let done: [HeldReceipt] = self.state.withLock { state in
            for index in state.held.indices {
                if let answered { state.held[index].awaited.remove(answered) } else { state.held[index].awaited = [] }
            }
            let ready = state.held.filter { $0.awaited.isEmpty || state.ledger.knows($0.receipt.messageID) }
            state.held.removeAll { $0.awaited.isEmpty || state.ledger.knows($0.receipt.messageID) }
            return ready.filter { self.pass($0.receipt, $0.sequence, $0.connection, &state) != nil }
        }
        for held in done { self.send(PDU(.deliverResponse, sequence: held.sequence), on: held.connection) }
    }

    /// - Returns: the answer, where there is nothing to report first.
    private func pass(
        _ receipt: DeliveryReceipt, _ sequence: UInt32, _ channel: any Channel, _ state: inout State
    ) -> CommandStatus? {
        guard let (reference, whole) = state.ledger.report(receipt.messageID, receipt.progress), !state.lanes.isEmpty
        else {
            state.unanswered -= 1
            return .ok
        }
        let report = DeliveryReport(
            reference: reference, progress: whole, detail: receipt.detail.isEmpty ? nil : receipt.detail,
            at: self.time(receipt))
        // The receipts of one message stay in their order.
        let lane = state.lanes[Int(UInt(bitPattern: reference.hashValue) % UInt(state.lanes.count))]
        lane.yield(PendingReport(report: report, sequence: sequence, connection: channel))
        return nil
    }

    private func time(_ receipt: DeliveryReceipt) -> Instant? {
        guard let zone = self.settings.receiptZone, let done = receipt.done else { return nil }
        return done - zone
    }

    /// Only now has the provider done its part: it sends again what is not answered.
    func reported(_ pending: PendingReport) {
        self.state.withLock { $0.unanswered -= 1 }
        self.send(PDU(.deliverResponse, sequence: pending.sequence), on: pending.connection)
    }

    /// Taken, since it would only come again.
    private func dropped(_ what: Logger.Message, _ sequence: UInt32, _ channel: any Channel) {
        self.logger.info(what, metadata: ["provider": "\(self.settings.name)"])
        self.send(PDU(.deliverResponse, sequence: sequence), on: channel)
    }
}
