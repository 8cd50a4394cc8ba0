// SMPP: the Short Message Peer-to-Peer protocol, version 3.4 (issue 1.2), as values and bytes, for either side of it.
// It opens no connection, keeps no window and knows no clock: who speaks when is the business of the rooms above.

/// One message of the protocol (section 3.2), read whole or not at all.
package struct PDU: Hashable, Sendable {
    /// Section 5.1.4: 1 to 7FFFFFFF. A response has that of its request; 0 in a `generic_nack` to what had none.
    package let sequence: UInt32
    /// What became of a request; of no meaning in a request itself.
    package let status: CommandStatus
    package let operation: Operation

    package init(_ operation: Operation, status: CommandStatus = .ok, sequence: UInt32) {
        (self.operation, self.status, self.sequence) = (operation, status, sequence)
    }

    /// The longest that we read or write, header included. The protocol itself would allow four gigabytes.
    package static let longest = 65_536
    package static let sequences: ClosedRange<UInt32> = 1...0x7FFF_FFFF

    package enum Operation: Hashable, Sendable {
        case bindTransceiver(BindRequest)
        case bindTransceiverResponse(BindResponse)
        case unbind
        case unbindResponse
        case enquireLink
        case enquireLinkResponse
        case genericNack
        case submit(ShortMessage)
        /// The message's id at the SMSC; empty when it took none.
        case submitResponse(messageID: String)
        case deliver(ShortMessage)
        case deliverResponse
        /// Another command. Its body is not kept; a request is answered with `generic_nack`.
        case other(command: UInt32)

        package var command: UInt32 {
            switch self {
            case .bindTransceiver: Command.bindTransceiver.rawValue
            case .bindTransceiverResponse: Command.bindTransceiverResponse.rawValue
            case .unbind: Command.unbind.rawValue
            case .unbindResponse: Command.unbindResponse.rawValue
            case .enquireLink: Command.enquireLink.rawValue
            case .enquireLinkResponse: Command.enquireLinkResponse.rawValue
            case .genericNack: Command.genericNack.rawValue
            case .submit: Command.submit.rawValue
            case .submitResponse: Command.submitResponse.rawValue
            case .deliver: Command.deliver.rawValue
            case .deliverResponse: Command.deliverResponse.rawValue
            case .other(let command): command
            }
        }
    }
}

/// The `command_id` (section 5.1.2.1) of what this room reads.
package enum Command: UInt32, Sendable, CaseIterable {
    case genericNack = 0x8000_0000
    case submit = 0x0000_0004
    case submitResponse = 0x8000_0004
    case deliver = 0x0000_0005
    case deliverResponse = 0x8000_0005
    case unbind = 0x0000_0006
    case unbindResponse = 0x8000_0006
    case bindTransceiver = 0x0000_0009
    case bindTransceiverResponse = 0x8000_0009
    case enquireLink = 0x0000_0015
    case enquireLinkResponse = 0x8000_0015

    package static func isResponse(_ command: UInt32) -> Bool { command & 0x8000_0000 != 0 }
}
