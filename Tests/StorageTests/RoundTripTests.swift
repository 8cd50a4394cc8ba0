import Applications
import Audit
import Authenticators
import Identifiers
import Identity
import Login
import PasswordHashing
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("What is stored is what is read back")
struct RoundTripTests {
    @Test("Users, with and without e-mail address and password", arguments: StoreKind.allCases)
    func users(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let sample = try Sample(byte: 1)
            let other = User(
                id: id(2), name: try UserName("陳大文"), displayName: "陳 <大> 文 '\"\\", email: "c@example.com",
                status: .disabled, language: "zh-Hant")
            try await store.write {
                try $0.users.add(sample.user, password: sample.password, at: sample.now)
                try $0.users.add(other, password: nil, at: sample.now)
            }
            try await store.read { store throws in
                #expect(try store.users.find(sample.user.name) == sample.user)
                #expect(try store.users.find(sample.user.id) == sample.user)
                #expect(try store.users.find(other.name) == other)
                #expect(try store.users.password(of: sample.user.id)?.hash == sample.password)
                #expect(try store.users.password(of: other.id) == nil)
                #expect(try store.users.password(of: id(3)) == nil)
                #expect(try store.users.find(try UserName("nobody")) == nil)
            }
            await #expect(throws: SQLError.self) {
                try await store.write { try $0.users.add(sample.user, password: nil, at: sample.now) }
            }
        }
    }

    @Test("Cards and their counts", arguments: StoreKind.allCases)
    func cards(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let (sample, other) = (try Sample(byte: 1), try Sample(byte: 2))
            try await store.write {
                try sample.add(to: $0)
                try other.add(to: $0)
            }
            let user = sample.user.id
            var card = try #require(await store.write { try $0.cards.lock(sample.summary.id, of: user) })
            #expect((card.user, card.summary, card.status, card.challenges) == (user, sample.summary, .active, 0))
            #expect((card.userThrottle, card.ownThrottle) == (FactorThrottle(), FactorThrottle()))
            card.userThrottle = FactorThrottle(failures: 6, blockedUntil: sample.now + .minutes(5))
            card.ownThrottle = FactorThrottle(failures: 2)
            card.status = .disabled
            let changed = card
            try await store.write {
                try $0.factorCounts.save(changed)
                try $0.factorCounts.saveUse(of: changed, at: sample.now)
            }
            let read = try #require(await store.write { try $0.cards.lock(sample.summary.id, of: user) })
            #expect((read.userThrottle, read.ownThrottle) == (card.userThrottle, card.ownThrottle))
            #expect(read.status == .disabled)
            try await store.write { store throws in
                #expect(try store.cards.active(of: user, at: sample.now).isEmpty)
                #expect(try store.cards.active(of: other.user.id, at: sample.now) == [other.summary])
                #expect(try store.cards.lock(other.summary.id, of: user) == nil, "a card opens for its own user alone")
                #expect(try store.cards.isBound(serial: sample.card.serial))
                #expect(try !store.cards.isBound(serial: "CS-none"))
            }
        }
    }

    @Test("Applications, public and confidential", arguments: StoreKind.allCases)
    func applications(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let registration = ApplicationRegistration(
                name: "Portal", kind: .native, redirectURIs: ["http://127.0.0.1/cb"], postLogoutRedirectURIs: [],
                permissions: [.factorCheck])
            for (number, secret) in [(UInt8(1), hash(1)), (2, nil)] {
                let application = Application(
                    id: id(number), clientID: "client-\(number)", registration: registration, secretHash: secret)
                try await store.write { try $0.applications.add(application, at: Instant(milliseconds: 1)) }
                try await store.read { store throws in
                    #expect(try store.applications.find(clientID: application.clientID) == application)
                    #expect(try store.applications.find(application.id) == application)
                }
            }
            #expect(try await store.read { try $0.applications.find(clientID: "CLIENT-1") } == nil)
        }
    }

    @Test("Audit entries, full and empty", arguments: StoreKind.allCases)
    func audit(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let full = AuditEntry(
                id: id(1), at: Instant(milliseconds: 1),
                note: AuditNote(.responseChecked, .failure, reason: .wrongResponse, authenticator: id(1)),
                context: AuditContext(
                    user: id(2), login: id(3), application: id(4), address: "192.0.2.1", request: id(5), actor: "x"))
            let empty = AuditEntry(
                id: id(2), at: Instant(milliseconds: 1), note: AuditNote(.loginStarted, .information),
                context: AuditContext())
            try await store.write {
                try $0.audit.add(full)
                try $0.audit.add(empty)
            }
            #expect(try await store.read { try $0.audit.newest(10) } == [empty, full])
            #expect(try await store.read { try $0.audit.newest(1) } == [empty])
        }
    }

    private func store(_ kind: StoreKind, _ body: (Store) async throws -> Void) async throws {
        try await TestStore.with(kind) { _, driver in try await body(try await Store.open(driver)) }
    }
}
