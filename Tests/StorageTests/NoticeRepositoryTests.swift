import Identifiers
import Identity
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Notices in the store")
struct NoticeRepositoryTests {
    static let now = Instant(milliseconds: 1_767_225_600_000)

    @Test("Newest first, each with what its sentence needs, and only the user's own", arguments: StoreKind.allCases)
    func newest(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            let bare = Notice(id: id(1), user: id(1), at: Self.now, kind: .passwordChanged)
            let full = Notice(
                id: id(2), user: id(1), at: Self.now + .seconds(1), kind: .recoveryStarted,
                details: NoticeDetails(
                    authenticator: "0001", until: Self.now + .hours(72), address: "192.0.2.1", recovery: id(9)))
            let other = Notice(id: id(3), user: id(2), at: Self.now, kind: .passwordSet)
            try await store.write { for notice in [bare, full, other] { try $0.notices.add(notice) } }
            #expect(try await store.read { try $0.notices.newest(10, of: id(1)) } == [full, bare])
            #expect(try await store.read { try $0.notices.newest(1, of: id(1)) } == [full])
            #expect(try await store.read { try $0.notices.newest(10, of: id(2)) } == [other])
        }
    }

    @Test("For a user that there is not nothing is added, and nothing fails", arguments: StoreKind.allCases)
    func nobody(kind: StoreKind) async throws {
        try await self.store(kind) { store in
            try await store.write {
                try $0.notices.add(Notice(id: id(1), user: id(77), at: Self.now, kind: .passwordLocked))
            }
            #expect(try await store.read { try $0.notices.newest(10, of: id(77)) }.isEmpty)
        }
    }

    @Test("The kinds are schema: stored, and sentences hang on them")
    func kinds() {
        for kind in NoticeKind.allCases {
            #expect(kind.rawValue.wholeMatch(of: /[a-z_]+\.[a-z_]+/) != nil, "\(kind)")
        }
    }

    private func store(_ kind: StoreKind, _ body: (Store) async throws -> Void) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            try await store.write { store in
                for (number, name) in [(UInt8(1), "alice"), (2, "bob")] {
                    let user = User(
                        id: id(number), name: try UserName(name), displayName: name, email: nil, status: .active)
                    try store.users.add(user, password: nil, at: Self.now)
                }
            }
            try await body(store)
        }
    }
}
