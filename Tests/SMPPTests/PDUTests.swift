import Testing
import Time

@testable import SMPP

@Suite("SMPP: messages")
struct PDUTests {
    @Test("The specification's own dump (section 3.2.2)")
    func specification() throws {
        let dump = """
            00 00 00 2F 00 00 00 02 00 00 00 00 00 00 00 01 53 4D 50 50 33 54 45 53 54 00
            73 65 63 72 65 74 30 38 00 53 55 42 4D 49 54 31 00 00 01 01 00
            """
        // It is a bind_transmitter, which we do not read; a bind_transceiver has the same body.
        #expect(try pdu(dump) == PDU(.other(command: 2), sequence: 1))
        var transceiver = bytes(dump)
        transceiver[7] = 9
        let expected = PDU(
            .bindTransceiver(
                .init(
                    systemID: "SMPP3TEST", password: "secret08", systemType: "SUBMIT1", interfaceVersion: 0,
                    addresses: .init(type: .international, plan: .isdn, text: ""))), sequence: 1)
        #expect(try PDU(parsing: transceiver[...]) == expected)
        #expect(try expected.encoded() == transceiver)
    }

    @Test("submit_sm, as an independent library writes it")
    func submit() throws {
        let dump = """
            0000004600000004000000000000000700050041636d6500010138383639313233343536373800000000003030303030303030
            303933303030305200010000000548656c6c6f
            """
        #expect(try pdu(dump) == PDU(.submit(Sample.text), sequence: 7))
        #expect(try PDU(.submit(Sample.text), sequence: 7).encoded() == bytes(dump))
    }

    @Test("submit_sm with optional parameters, one of them a vendor's, as an independent library writes it")
    func parameters() throws {
        let dump = """
            0000004700000004000000000000000800030031323334350001013838363931323334353637380000000000000000080000020
            400021234042400044f60597d1401000378797a
            """
        let read = try pdu(dump)
        guard case .submit(let message) = read.operation else { throw Unexpected() }
        #expect(message.source == SMPPAddress(sender: "12345"))
        #expect(message.coding == .ucs2)
        #expect(message.content == [0x4F, 0x60, 0x59, 0x7D])
        #expect(try UserData(message).text == "你好")
        #expect(message.parameters.userMessageReference == 0x1234)
        #expect(message.parameters[.init(rawValue: 0x1401)] == Array("xyz".utf8))
        #expect(try read.encoded() == bytes(dump))
    }

    @Test("deliver_sm with a receipt, as an independent library writes it")
    func deliver() throws {
        let dump = """
            000000a700000005000000000000000900010138383639313233343536373800050041636d6500040000000000000000636964
            3a3041207375623a30303120646c7672643a303031207375626d697420646174653a3236303133313039333020646f6e652064
            6174653a3236303133313039333120737461743a44454c49565244206572723a30303020746578743a48656c6c6f001e000330
            4100042700010204230003030000
            """
        let read = try pdu(dump)
        guard case .deliver(let message) = read.operation else { throw Unexpected() }
        #expect(message.messageClass.isReceipt)
        let receipt = try DeliveryReceipt(message, spelling: .asGiven)
        #expect(receipt.messageID == "0A")
        #expect(receipt.state == .delivered)
        #expect(receipt.done == Instant(rfc3339: "2026-01-31T09:31:00Z"))
        #expect(try read.encoded() == bytes(dump))
    }

    @Test("What is written is read back", arguments: Sample.all)
    func roundTrip(pdu: PDU) throws { #expect(try PDU(parsing: pdu.encoded()[...]) == pdu) }

    @Test(
        "Responses without a body",
        arguments: [
            // A failure needs none; a deliver_sm_resp's id means nothing, and many leave it out.
            (framed(command: 0x8000_0004, status: 0x58, body: []), .submitResponse(messageID: "")),
            (framed(command: 0x8000_0004, status: 0x58, body: [0]), .submitResponse(messageID: "")),
            (framed(command: 0x8000_0009, status: 0x0E, body: []), .bindTransceiverResponse(.init(systemID: ""))),
            (framed(command: 0x8000_0005, body: []), .deliverResponse),
            (framed(command: 0x8000_0005, body: [0]), .deliverResponse),
        ] as [([UInt8], PDU.Operation)])
    func bare(bytes: [UInt8], operation: PDU.Operation) throws {
        #expect(try PDU(parsing: bytes[...]).operation == operation)
    }

    @Test("The length comes first, and bounds what is waited for")
    func length() throws {
        #expect(try PDUHeader.length(at: [0, 0, 0]) == nil)
        #expect(try PDUHeader.length(at: [0, 0, 0, 16]) == 16)
        #expect(try PDUHeader.length(at: [0, 1, 0, 0]) == 65_536)
        #expect(throws: SMPPError.impossibleLength(15)) { try PDUHeader.length(at: [0, 0, 0, 15]) }
        #expect(throws: SMPPError.impossibleLength(65_537)) { try PDUHeader.length(at: [0, 1, 0, 1]) }
        #expect(throws: SMPPError.impossibleLength(0x4854_5450)) { try PDUHeader.length(at: Array("HTTP".utf8)[...]) }
    }

    @Test("A status has the specification's name, or its number")
    func status() {
        #expect(CommandStatus(.rthrottled).name == "ESME_RTHROTTLED")
        #expect(CommandStatus(.rxTAppn).name == "ESME_RX_T_APPN")
        #expect(CommandStatus(rawValue: 0x401).name == "0x00000401")
        #expect(CommandStatus(rawValue: 0x401).code == nil)
        #expect(Set(StatusCode.allCases.map { CommandStatus($0).name }).count == StatusCode.allCases.count)
    }

    @Test("No password and no text is in any description")
    func secrecy() throws {
        for pdu in Sample.all {
            var dumped = ""
            dump(pdu, to: &dumped)
            let shown = "\(pdu) \(String(reflecting: pdu)) \(dumped)"
            for secret in ["secret08", "Hello", "72, 101", "886912345678", "79, 96"] {
                #expect(!shown.contains(secret), "\(pdu.operation.command)")
            }
        }
    }
}

struct Unexpected: Error {}
