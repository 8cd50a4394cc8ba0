import Authenticators
import Identifiers
import Identity
import OTP
import PasswordHashing
import Storage
import TestWorld
import Time

/// A user with a password and a card, told apart by a byte.
struct Sample: Sendable {
    let now = Instant(milliseconds: 1_767_225_600_000)
    let user: User
    let password: PasswordHash
    let summary: AuthenticatorSummary
    let card: TestCard

    init(byte: UInt8) throws {
        let random = [UInt8](repeating: byte, count: 10)
        self.user = User(
            id: UserID(at: self.now, random: random), name: try UserName("user-\(byte)"), displayName: "User \(byte)",
            email: nil, status: .active)
        self.password = try PasswordHash(
            of: "password \(byte)", salt: [UInt8](repeating: byte, count: 16), cost: World.cheap)
        self.summary = AuthenticatorSummary(
            id: AuthenticatorID(at: self.now, random: random), kind: .securityCard, label: "000\(byte)")
        self.card = TestCard(serial: "CS-000\(byte)", byte: byte)
    }

    func add(to store: StoreTransaction) throws {
        try store.users.add(self.user, password: self.password, at: self.now)
        let suite = try CardSuite(self.card.suite)
        try store.cards.bind(
            self.summary, serial: self.card.serial, suite: suite, key: self.card.key,
            pinHash: try OCRAPIN(self.card.pin, for: suite.ocra).hash, to: self.user.id, at: self.now)
    }
}

func id<Kind>(_ byte: UInt8) -> Identifier<Kind> {
    Identifier(at: Instant(milliseconds: 1_767_225_600_000), random: [UInt8](repeating: byte, count: 10))
}

func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }
