import NIOCore
import NIOPosix
import SMPP
import Testing
import Time

@testable import CarrierSimulator

@Suite("The SMSC", .timeLimit(.minutes(1)))
struct MessageCentreTests {
    private let test = TestCarrier()

    private func set(_ faults: WayFaults) {
        self.test.exchange.change { carrier, _ in carrier.set(faults, of: .smpp) }
    }

    /// A centre that runs, and a client that is connected to it.
    private func connect(_ body: (Client, MessageCentre) async throws -> Void) async throws {
        let centre = try await MessageCentre.listen(port: 0, exchange: self.test.exchange, account: .demo)
        try await withThrowingTaskGroup { group in
            group.addTask { try await centre.run() }
            try await Client.connect(to: centre) { client in try await body(client, centre) }
            group.cancelAll()
        }
    }

    /// Sends what is due.
    private func sendReceipts(_ centre: MessageCentre) async {
        for receipt in self.test.receipts() { await centre.send(receipt) }
    }

    @Test(
        "Who may bind",
        arguments: [
            ("countersign", "carrier", .rok), ("countersign", "wrong", .rinvpaswd), ("somebody", "carrier", .rinvsysid),
        ] as [(String, String, StatusCode)])
    func bind(user: String, password: String, expected: StatusCode) async throws {
        try await self.connect { client, _ in
            let answer = try await client.ask(.bindTransceiver(BindRequest(systemID: user, password: password)))
            #expect(answer?.status == CommandStatus(expected))
        }
    }

    @Test("A refused account cannot bind")
    func account() async throws {
        self.set(WayFaults(answers: .account))
        try await self.connect { client, _ in
            do {
                let found = try await client.bind()?.status
                #expect(found == CommandStatus(.rinvpaswd))
            }
        }
    }

    @Test("Nothing is taken before the bind; a link is answered all the same")
    func unbound() async throws {
        try await self.connect { client, _ in
            do {
                let found = try await client.submit("x")?.status
                #expect(found == CommandStatus(.rinvbndsts))
            }
            do {
                let found = try await client.ask(.enquireLink)?.operation
                #expect(found == .enquireLinkResponse)
            }
            do {
                let found = try await client.ask(.other(command: 0x99))?.operation
                #expect(found == .genericNack)
            }
        }
    }

    @Test("A text arrives, and its receipt names it", arguments: ["Your code is 123456", "您的驗證碼是 123456"])
    func text(text: String) async throws {
        try await self.connect { client, centre in
            _ = try await client.bind()
            let answer = try await client.submit(text)
            guard case .submitResponse(let id)? = answer?.operation else { throw Missing() }
            let shown = try #require(self.test.exchange.read { $0.texts.first })
            #expect(shown.submission.text == text)
            #expect(shown.submission.from == "Northwind")
            #expect(shown.submission.to.text == "+85291234567")
            await self.sendReceipts(centre)
            guard case .deliver(let message)? = try await client.next()?.operation else { throw Missing() }
            let receipt = try DeliveryReceipt(message, spelling: .asGiven)
            #expect(receipt.messageID == id)
            #expect(receipt.state == .delivered)
            #expect(message.messageClass == .receipt)
        }
    }

    @Test("A long text is joined, and each part has its receipt")
    func parts() async throws {
        let text = String(repeating: "0123456789 ", count: 30)
        try await self.connect { client, centre in
            _ = try await client.bind()
            let encoded = try EncodedText(text, reference: 9)
            #expect(encoded.parts.count == 3)
            for part in encoded.parts {
                #expect(try await client.submit(part, encoded.messageClass)?.status == .ok)
            }
            #expect(self.test.exchange.read { $0.texts.map(\.submission.text) } == [text])
            await self.sendReceipts(centre)
            for _ in encoded.parts {
                guard case .deliver? = try await client.next()?.operation else { throw Missing() }
            }
        }
    }

    @Test(
        "Faults as statuses",
        arguments: [
            (.throttled, .rthrottled), (.fault, .rsyserr),
        ] as [(WayFaults.Answers, StatusCode)])
    func statuses(fault: WayFaults.Answers, expected: StatusCode) async throws {
        self.set(WayFaults(answers: fault))
        try await self.connect { client, _ in
            _ = try await client.bind()
            #expect(try await client.submit("x")?.status == CommandStatus(expected))
        }
    }

    @Test("A rejected number")
    func rejected() async throws {
        self.set(WayFaults(rejected: [try #require(PhoneNumber(TestCarrier.number))]))
        try await self.connect { client, _ in
            _ = try await client.bind()
            #expect(try await client.submit("x")?.status == CommandStatus(.rinvdstadr))
        }
    }

    @Test("An answer that never comes: the text is there, the connection is gone")
    func unanswered() async throws {
        self.set(WayFaults(answers: .unanswered))
        try await self.connect { client, _ in
            _ = try await client.bind()
            #expect(try await client.submit("x") == nil)
            #expect(self.test.exchange.read { $0.texts.count } == 1)
        }
    }

    @Test("Nonsense is no message of the protocol")
    func nonsense() async throws {
        self.set(WayFaults(answers: .nonsense))
        try await self.connect { client, _ in
            _ = try await client.bind()
            await #expect(throws: SMPPError.self) { try await client.submit("x") }
        }
    }

    @Test("A provider that dies drops who is there, and takes nobody")
    func dead() async throws {
        try await self.connect { client, centre in
            _ = try await client.bind()
            self.set(WayFaults(answers: .dead))
            #expect(try await client.next() == nil)
            try await Client.connect(to: centre) { other in
                #expect((try? await other.bind()) == nil)
            }
        }
    }

    @Test("Receipts wait for the next bind")
    func waiting() async throws {
        try await self.connect { client, centre in
            _ = try await client.bind()
            _ = try await client.submit("x")
            _ = try await client.ask(.unbind)
            #expect(try await client.next() == nil)
            await self.sendReceipts(centre)
            try await Client.connect(to: centre) { other in
                _ = try await other.bind()
                guard case .deliver? = try await other.next()?.operation else { throw Missing() }
            }
        }
    }

    @Test("No receipt is sent that was not asked for; a validity ends a text")
    func fields() throws {
        var message = try Client.message([0x41], .plain)
        message.registeredDelivery = .none
        message.validity = .after(.seconds(90))
        let now = self.test.clock.now()
        let submission = try #require(Submission(message, text: "A", system: "s", at: now))
        #expect(submission.receipts == .nowhere)
        #expect(submission.expires == now + .seconds(90))
    }

    @Test(
        "States in receipts",
        arguments: [
            (.buffered, .enroute), (.delivered, .delivered), (.expired, .expired), (.undeliverable, .undeliverable),
        ] as [(ReceiptStatus, MessageState)])
    func states(status: ReceiptStatus, state: MessageState) throws {
        let receipt = Receipt(
            address: .system("s"), reference: "abc", to: try #require(PhoneNumber(TestCarrier.number)),
            from: "Northwind", status: status, echo: "碼 123456", received: self.test.clock.now(),
            at: self.test.clock.now(), number: 1)
        let read = try DeliveryReceipt(ShortMessage(receipt), spelling: .asGiven)
        #expect(read.state == state)
        #expect(read.stateWord == state.word)
        #expect(read.messageID == "abc")
    }

    private struct Missing: Error {}
}

/// The other side of a connection, one request at a time.
private final class Client {
    private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var messages: NIOAsyncChannelInboundStream<[UInt8]>.AsyncIterator
    private var sequence: UInt32 = 0

    private init(
        _ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ inbound: NIOAsyncChannelInboundStream<[UInt8]>
    ) {
        self.writer = writer
        self.messages = inbound.makeAsyncIterator()
    }

    static func connect(
        to centre: MessageCentre, _ body: (Client) async throws -> Void
    ) async throws {
        let port = try #require(centre.address.split(separator: ":").last.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(PDUFrames()))
                    return try NIOAsyncChannel<[UInt8], ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, writer in try await body(Client(writer, inbound)) }
    }

    func ask(_ operation: PDU.Operation) async throws -> PDU? {
        self.sequence += 1
        let sequence = self.sequence
        try await self.writer.write(ByteBuffer(bytes: try PDU(operation, sequence: sequence).encoded()))
        let answer = try await self.next()
        if let answer { #expect(answer.sequence == sequence) }
        return answer
    }

    /// Nil at the end of the connection.
    func next() async throws -> PDU? {
        try await self.messages.next().map { try PDU(parsing: $0[...]) }
    }

    func bind() async throws -> PDU? {
        try await self.ask(.bindTransceiver(BindRequest(systemID: "countersign", password: "carrier")))
    }

    func submit(_ text: String) async throws -> PDU? {
        let encoded = try EncodedText(text, reference: 1)
        var message = try Self.message(encoded.parts[0], encoded.messageClass)
        message.coding = encoded.alphabet.coding
        return try await self.ask(.submit(message))
    }

    func submit(_ part: [UInt8], _ messageClass: MessageClass) async throws -> PDU? {
        try await self.ask(.submit(try Self.message(part, messageClass)))
    }

    static func message(_ content: [UInt8], _ messageClass: MessageClass) throws -> ShortMessage {
        var message = ShortMessage(
            source: try #require(SMPPAddress(sender: "Northwind")),
            destination: try #require(SMPPAddress(e164: TestCarrier.number)), coding: .standard, shortMessage: content)
        message.messageClass = messageClass
        message.registeredDelivery = .final
        return message
    }
}
