import Testing
import Time

@testable import SMPP

@Suite("SMPP: refused messages")
struct RefusalTests {
    /// An empty submit_sm: three empty texts with their numbers, and everything else zero.
    static let empty = [UInt8](repeating: 0, count: 17)

    private static func submit(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var body = Self.empty
        change(&body)
        return framed(command: 4, body: body)
    }

    @Test("An empty submit_sm is none of these")
    func accepted() throws { _ = try PDU(parsing: Self.submit { _ in }[...]) }

    @Test(
        "Refused",
        arguments: [
            ([], .truncated("command_length")),
            (bytes("00000010 80000000 00000000 000000"), .truncated("sequence_number")),
            (bytes("00000011 80000000 00000000 00000001"), .truncated("body")),
            (bytes("00000010 80000000 00000000 00000001 00"), .trailingBytes(1)),
            (framed(command: 0x15, body: [0]), .trailingBytes(1)),  // an enquire_link has no body
            (framed(command: 0x8000_0005, body: [0, 0]), .trailingBytes(1)),
            (framed(command: 0x8000_0004, body: []), .truncated("message_id")),  // taken, but under which id?
            (framed(command: 0x8000_0004, body: Array("12".utf8)), .truncated("message_id")),
            (framed(command: 0x8000_0004, body: [UInt8](repeating: 0x31, count: 65) + [0]), .tooLong("message_id")),
            (framed(command: 0x8000_0004, body: [0x31, 0x0A, 0]), .notPrintable("message_id")),
            (framed(command: 0x8000_0004, body: [0xC3, 0xA9, 0]), .notPrintable("message_id")),
            (framed(command: 9, body: [UInt8](repeating: 0x61, count: 17)), .tooLong("system_id")),
            (framed(command: 9, body: [0] + Array("secret089".utf8) + [0]), .tooLong("password")),
            (Self.submit { $0.removeLast() }, .truncated("sm_length")),
            (Self.submit { $0[16] = 1 }, .truncated("short_message")),
            (Self.submit { $0[16] = 255 }, .tooLong("short_message")),  // 254 at most (section 4.4.1)
            (Self.submit { $0[13] = 2 }, .invalid("replace_if_present_flag")),
            (Self.submit { $0.insert(0x31, at: 11) }, .invalid("validity_period")),
            (Self.submit { $0 += [4] }, .truncated("tag")),
            (Self.submit { $0 += [4, 0x24, 0] }, .truncated("length")),
            (Self.submit { $0 += [4, 0x24, 0, 2, 0] }, .truncated("value")),
            (Self.submit { $0 += [4, 0x27, 0, 2, 0, 0] }, .malformedParameter(0x427)),
            (Self.submit { $0 += [0, 0x1E, 0, 0] }, .malformedParameter(0x1E)),
            (Self.submit { $0 += [0, 0x1E, 0, 2, 0x0A, 0] }, .notPrintable("receipted_message_id")),
            (Self.submit { $0 += [4, 0x27, 0, 1, 2, 4, 0x27, 0, 1, 5] }, .repeatedParameter(0x427)),
            (framed(command: 4, body: Self.empty.dropLast() + [1, 0x31, 4, 0x24, 0, 1, 0x32]), .twoContents),
        ] as [([UInt8], SMPPError)])
    func refused(bytes: [UInt8], error: SMPPError) {
        #expect(throws: error) { try PDU(parsing: bytes[...]) }
    }

    @Test(
        "Not written",
        arguments: [
            (.submitResponse(messageID: String(repeating: "1", count: 65)), .tooLong("message_id")),
            (.bindTransceiver(.init(systemID: "0123456789abcdef", password: "")), .tooLong("system_id")),
            (.bindTransceiver(.init(systemID: "firm", password: "123456789")), .tooLong("password")),
            (.bindTransceiver(.init(systemID: "f\u{0}rm", password: "")), .notPrintable("system_id")),
            (.bindTransceiver(.init(systemID: "Zoë", password: "")), .notPrintable("system_id")),
            (.submit(Self.message { $0.shortMessage = [UInt8](repeating: 0, count: 255) }), .tooLong("short_message")),
            (.submit(Self.message { $0.serviceType = "123456" }), .tooLong("service_type")),
            (.submit(Self.message { $0.validity = .after(.days(100)) }), .tooLong("validity_period")),
            (
                .submit(Self.message { $0.destination = .init(type: .unknown, plan: .unknown, text: "+1\r\n") }),
                .notPrintable("destination_addr")
            ),
        ] as [(PDU.Operation, SMPPError)])
    func unwritten(operation: PDU.Operation, error: SMPPError) {
        #expect(throws: error) { try PDU(operation, sequence: 1).encoded() }
    }

    @Test("Not written: two contents, or more than 64 KiB")
    func contents() throws {
        var message = Sample.text
        message.parameters = try OptionalParameters([.init(.messagePayload, [1])])
        #expect(throws: SMPPError.twoContents) { try PDU(.submit(message), sequence: 1).encoded() }
        message.shortMessage = []
        message.parameters = try OptionalParameters([.init(.messagePayload, [UInt8](repeating: 0, count: 65_500))])
        #expect(throws: SMPPError.impossibleLength(65_569)) { try PDU(.submit(message), sequence: 1).encoded() }
    }

    private static func message(_ change: (inout ShortMessage) -> Void) -> ShortMessage {
        var message = Sample.text
        change(&message)
        return message
    }

    @Test("Of damaged messages, each is refused or is again what it was read as", arguments: Sample.all.indices)
    func damaged(index: Int) throws {
        var generator = SeededGenerator(seed: UInt64(index))
        let good = try Sample.all[index].encoded()
        for _ in 0..<2000 {
            var bad = generator.mutated(good)
            // The length put right in half of them, or nearly all would end there.
            if Bool.random(using: &generator), bad.count >= 16 {
                bad.replaceSubrange(0..<4, with: [0, 0, UInt8(bad.count >> 8), UInt8(bad.count & 0xFF)])
            }
            guard let read = try? PDU(parsing: bad[...]), Command(rawValue: read.operation.command) != nil else {
                continue
            }
            #expect(try PDU(parsing: read.encoded()[...]) == read)
            if case .deliver(let message) = read.operation {
                _ = try? DeliveryReceipt(message, spelling: .hexadecimalInResponse)
                _ = try? UserData(message)
            }
        }
    }
}
