import Authenticators
import Identity
import Outbox
import PhoneNumbers
import SQL
import Sealing
import TestWorld
import Testing

@testable import Storage

@Suite("Sealed columns")
struct SealedColumnTests {
    /// `1 | key id`: what every value of a new store begins with.
    private static let header: [UInt8] = [1, 0, 0, 0, 1]

    /// A column that is sealed but not listed would be left behind by a change of keys.
    @Test("The list names exactly the columns that hold sealed values", arguments: StoreKind.allCases)
    func complete(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let sample = try Sample(byte: 1)
            try await store.write { transaction in
                try sample.add(to: transaction)
                let key = StoredSigningKey(id: "k1", algorithm: "ES256", privateKey: hash(9))
                try transaction.signingKeys.add(key, as: .current, at: sample.now)
                let stock = StockCard(
                    serial: "CS-9001", suite: try CardSuite(CardSuite.supported[0]), key: hash(3), pinHash: hash(4),
                    pinPolicy: .standard, validity: CardValidity())
                try transaction.cardStock.add(batch: id(1), source: "test", cards: 1, at: sample.now)
                try transaction.cardStock.add([stock], batch: id(1))
                try transaction.cardLives.begin(
                    sample.summary.id, of: sample.user.id, batch: id(1), address: try DeliveryAddress("1 Main Street"),
                    at: sample.now)
                let destination = MessageDestination(region: "HK", prefix: "+852512")
                let number = try PhoneNumber(stored: "+85251234567")
                try transaction.phoneNumbers.bind(
                    AuthenticatorSummary(id: id(7), kind: .phoneNumber, label: "67"), number: number,
                    to: sample.user.id, at: sample.now)
                try transaction.numberChecks.add(
                    NumberCheck(challenge: CodeChallenge(id: id(11), expires: sample.now)),
                    code: OneTimeCode(challenge: id(11), digits: "123456"), number: number, of: sample.user.id,
                    askedBy: .session(id(12)))
                try transaction.loginCodes.add(
                    OneTimeCode(challenge: id(8), digits: "123456"), of: id(9), user: sample.user.id,
                    expires: sample.now)
                try transaction.outbox.add(
                    OutboxMessage(
                        id: id(10), user: sample.user.id, channel: .text, template: .loginCode,
                        destination: destination, body: MessageBody(recipient: "+85251234567", language: "en"),
                        created: sample.now, expires: sample.now))
            }
            let dump = try await Dump.of(driver)
            let sealed = dump.cells.filter { $0.bytes.count >= 33 && $0.bytes.starts(with: Self.header) }
            #expect(Set(sealed.map(\.place)) == DataKeyRepository.sealedColumns)
        }
    }

    @Test("Nothing is sealed for a column that is not on the list")
    func unlisted() async throws {
        try await TestStore.with(.sqlite) { _, driver in
            let store = try await Store.open(driver)
            await #expect(throws: StoreKeysError.unlisted("new_table.secret")) {
                try await store.write {
                    try $0.keys.seal([1], for: SealedPlace(table: "new_table", column: "secret", row: []))
                }
            }
        }
    }
}
