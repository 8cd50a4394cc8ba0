internal import Channels
internal import Logging
internal import NIOCore
internal import SMPP
internal import Synchronization

/// What the provider sends.
extension Line {
    func received(_ bytes: [UInt8], on channel: any Channel) {
        do {
            self.received(try PDU(parsing: bytes[...]), on: channel)
        } catch {
            self.unreadable(bytes, error, on: channel)
        }
    }

    private func received(_ pdu: PDU, on channel: any Channel) {
        switch pdu.operation {
        case .bindTransceiverResponse: self.bindAnswered(pdu, on: channel)
        case .submitResponse(let id): self.answered(pdu, id: id)
        case .genericNack: self.nacked(pdu, on: channel)
        case .deliver(let message): self.delivered(message, sequence: pdu.sequence, on: channel)
        case .enquireLink: self.send(PDU(.enquireLinkResponse, sequence: pdu.sequence), on: channel)
        case .enquireLinkResponse: self.enquiryAnswered(pdu.sequence, on: channel)
        case .unbind:
            self.send(PDU(.unbindResponse, sequence: pdu.sequence), on: channel)
            self.close(channel, DeliveryFault(.unreachable, "the provider ended the bind"))
        case .unbindResponse: self.close(channel, DeliveryFault(.unreachable, "ended"))
        case .bindTransceiver, .submit: self.nack(pdu.sequence, .rinvcmdid, on: channel)
        case .other(let command):
            if !Command.isResponse(command) { self.nack(pdu.sequence, .rinvcmdid, on: channel) }
        case .deliverResponse: break
        }
    }

    /// A message that was cut out right but says nothing: only what it belongs to is lost.
    private func unreadable(_ bytes: [UInt8], _ error: SMPPError, on channel: any Channel) {
        self.logger.warning(
            "the provider sent what cannot be read",
            metadata: ["provider": "\(self.settings.name)", "problem": "\(error)"])
        guard let header = try? PDUHeader(parsing: bytes[...]) else { return }
        let fault = Self.fault(error)
        switch Command(rawValue: header.command) {
        case .submitResponse: self.end(header.sequence, .unanswered(fault))
        case .bindTransceiverResponse: self.close(channel, fault)
        // For good: it would be the same the next time.
        case .deliver:
            self.send(PDU(.deliverResponse, status: .init(.rxPAppn), sequence: header.sequence), on: channel)
        default:
            if !Command.isResponse(header.command) { self.nack(header.sequence, .rinvcmdlen, on: channel) }
        }
    }

    private func nack(_ sequence: UInt32, _ code: StatusCode, on channel: any Channel) {
        self.send(PDU(.genericNack, status: CommandStatus(code), sequence: sequence), on: channel)
    }

    /// It could not read something of ours: the bind, a message, or nobody knows what.
    private func nacked(_ pdu: PDU, on channel: any Channel) {
        let isBind = self.state.withLock { state in
            guard case .binding(_, pdu.sequence, _, _) = state.standing else { return false }
            return true
        }
        if isBind {
            self.close(channel, DeliveryFault(.account, "bind: generic_nack \(pdu.status.name)"))
        } else {
            self.answered(pdu, id: nil)
        }
    }

    func scheduleEnquiry(on channel: any Channel) {
        self.state.withLock { state in
            guard case .bound(let bound) = state.standing, bound === channel else { return }
            state.nextEnquiry?.cancel()
            state.nextEnquiry = self.after(self.settings.timing.enquiryInterval) { self.enquire(on: channel) }
        }
    }

    /// Asks whether anybody is there, unless that is asked already.
    func enquire(on channel: any Channel) {
        let sequence: UInt32? = self.state.withLock { state in
            guard case .bound(let bound) = state.standing, bound === channel, state.enquiry == nil else { return nil }
            // Its answer schedules the next one.
            state.nextEnquiry?.cancel()
            state.nextEnquiry = nil
            let sequence = state.nextSequence()
            let timer = self.after(self.settings.timing.enquiryAnswer) {
                self.close(channel, DeliveryFault(.timedOut, "no answer to enquire_link"))
            }
            state.enquiry = (sequence, timer)
            return sequence
        }
        if let sequence { self.send(PDU(.enquireLink, sequence: sequence), on: channel) }
    }

    private func enquiryAnswered(_ sequence: UInt32, on channel: any Channel) {
        let isOurs = self.state.withLock { state in
            guard let enquiry = state.enquiry, enquiry.sequence == sequence else { return false }
            enquiry.timer.cancel()
            state.enquiry = nil
            return true
        }
        if isOurs { self.scheduleEnquiry(on: channel) }
    }
}
