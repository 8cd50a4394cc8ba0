import Testing
import Time

@testable import SMPP

@Suite("SMPP: delivery receipts")
struct ReceiptTests {
    struct Row: Sendable {
        let text: String
        let id: String
        let state: MessageState?
        let detail: String
        let done: String?

        init(_ text: String, _ id: String, _ state: MessageState?, _ detail: String, done: String? = nil) {
            (self.text, self.id, self.state, self.detail, self.done) = (text, id, state, detail, done)
        }
    }

    @Test(
        "Texts (appendix B)",
        arguments: [
            Row(
                "id:1234567890 sub:001 dlvrd:001 submit date:2601310930 done date:2601310931 stat:DELIVRD err:000 "
                    + "Text: hi",
                "1234567890", .delivered, "stat:DELIVRD err:000", done: "2026-01-31T09:31:00.000Z"),
            Row(
                "ID:ab-1 SUB:001 DLVRD:000 SUBMIT DATE:260131093000 DONE DATE:260131093105 STAT:undeliv ERR:027 TEXT:",
                "ab-1", .undeliverable, "stat:undeliv err:027", done: "2026-01-31T09:31:05.000Z"),
            Row("id:7 stat:EXPIRED", "7", .expired, "stat:EXPIRED"),
            Row("stat:REJECTD id:7", "7", .rejected, "stat:REJECTD"),
            Row("id:7 stat:BUFFRED err:A1", "7", nil, "stat:BUFFRED err:A1"), Row("id:7", "7", nil, ""),
            Row("id: 7 stat: ACCEPTD err: text:x", "7", .accepted, "stat:ACCEPTD"),
            Row("id:7 err: stat:DELETED", "7", .deleted, "stat:DELETED"),
            Row("id:7 done date:2613310930 stat:UNKNOWN", "7", .unknown, "stat:UNKNOWN"),
            Row("grid:9 id:7 stat:ENROUTE", "7", .enroute, "stat:ENROUTE"),
            // What follows the text is the message's, whatever it looks like.
            Row("id:7 text:id:8 stat:DELIVRD err:123456", "7", nil, ""),
            // No room for a message in the others.
            Row("id:7 stat:DELIVRD-123456 err:12345678901", "7", nil, ""),
        ])
    func text(row: Row) throws {
        let receipt = try DeliveryReceipt(try Sample.receipt(row.text), spelling: .asGiven)
        #expect(receipt.messageID == row.id)
        #expect(receipt.state == row.state)
        #expect(receipt.detail == row.detail)
        #expect(receipt.done?.rfc3339 == row.done)
    }

    @Test(
        "Without an id it is of no use",
        arguments: [
            "", "stat:DELIVRD", "id: stat:DELIVRD", "text:id:7", "grid:7", "id",
            "id:" + String(repeating: "1", count: 65),
        ])
    func withoutID(text: String) {
        #expect(throws: SMPPError.noMessageID) { try DeliveryReceipt(try Sample.receipt(text), spelling: .asGiven) }
    }

    @Test("The parameters come before the text")
    func parameters() throws {
        let message = try Sample.receipt(
            "id:99 stat:DELIVRD",
            [
                .init(.receiptedMessageID, Array("0A".utf8) + [0]), .init(.messageState, [5]),
                .init(.networkErrorCode, [3, 1, 4]),
            ])
        let receipt = try DeliveryReceipt(message, spelling: .asGiven)
        #expect(receipt.messageID == "0A")
        #expect(receipt.state == .undeliverable)
        #expect(receipt.error == "260")
    }

    @Test("The parameters alone; without their NUL; with a state of no name")
    func parametersAlone() throws {
        let message = try Sample.receipt(
            "", [.init(.receiptedMessageID, Array("0A".utf8)), .init(.messageState, [99])])
        let receipt = try DeliveryReceipt(message, spelling: .asGiven)
        #expect(receipt.messageID == "0A")
        #expect(receipt.state == nil)
    }

    @Test("In message_payload, behind a header, in UCS-2")
    func otherPlaces() throws {
        let text = Array("id:7 stat:DELIVRD".utf8)
        var payload = try Sample.receipt("", [.init(.messagePayload, text)])
        #expect(try DeliveryReceipt(payload, spelling: .asGiven).messageID == "7")
        payload = try Sample.receipt("", class: .init(rawValue: 0x44))
        payload.shortMessage = [5, 0, 3, 1, 1, 1] + text
        #expect(try DeliveryReceipt(payload, spelling: .asGiven).messageID == "7")
        payload = try Sample.receipt("")
        payload.coding = .ucs2
        payload.shortMessage = text.flatMap { [0, $0] }
        #expect(try DeliveryReceipt(payload, spelling: .asGiven).state == .delivered)
    }

    @Test("The echo of the message cannot be reached any more")
    func echo() throws {
        let text = "id:7 sub:001 stat:DELIVRD err:000 text:Your code is 918273"
        let receipt = try DeliveryReceipt(try Sample.receipt(text), spelling: .asGiven)
        var dumped = ""
        dump(receipt, to: &dumped)
        #expect(!dumped.contains("918273"))
        #expect(!dumped.contains("Your"))
    }

    @Test("Which classes are receipts (section 5.2.12)")
    func classes() {
        for value in [0x04, 0x20, 0x44, 0x07] as [UInt8] { #expect(MessageClass(rawValue: value).isReceipt) }
        // From telephones: a message, an acknowledgement by device or by hand, the end of a conversation.
        for value in [0x00, 0x40, 0x08, 0x10, 0x18] as [UInt8] { #expect(!MessageClass(rawValue: value).isReceipt) }
    }

    @Test(
        "Ids in the two spellings of one provider",
        arguments: [
            ("5F3A", "24378", .hexadecimalInResponse, true), ("0x5F3A", "24378", .hexadecimalInResponse, false),
            ("24378", "00005f3a", .decimalInResponse, true), ("24378", "24378", .decimalInResponse, false),
            ("00AB", "ab", .hexadecimal, true), ("007", "7", .decimal, true), ("007", "7", .asGiven, false),
            ("ab", "AB", .asGiven, false), ("no-number", "no-number", .hexadecimalInResponse, true),
            ("+5", "5", .hexadecimal, false), ("-5", "5", .decimal, false), ("", "", .hexadecimal, true),
            (
                "ffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455", .hexadecimalInResponse,
                true
            ),
            ("100000000000000000000000000000000", "100000000000000000000000000000000", .hexadecimal, true),
        ] as [(String, String, MessageIDSpelling, Bool)])
    func spelling(response: String, receipt: String, spelling: MessageIDSpelling, same: Bool) {
        #expect((spelling.inResponse.canonical(response) == spelling.inReceipt.canonical(receipt)) == same)
    }
}
