import Authenticators
import Identity
import PasswordHashing
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Challenges and counts in the store")
struct CountTests {
    @Test("A challenge comes again only after 1,000 others", arguments: StoreKind.allCases)
    func challenges(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let sample = try Sample(byte: 1)
            try await store.write { try sample.add(to: $0) }
            let use = { (digits: String) in
                do {
                    try await store.write { transaction in
                        guard let card = try transaction.cards.lock(sample.summary.id, of: sample.user.id) else {
                            throw Missing(what: "the card")
                        }
                        try transaction.cards.use(digits, on: card, at: sample.now)
                    }
                    return true
                } catch SQLError.conflict {
                    return false
                }
            }
            #expect(try await use("100000"))
            for number in 1...999 { #expect(try await use("\(200_000 + number)")) }
            #expect(try await !use("100000"), "it is the oldest of the last 1,000")
            #expect(try await !use("200001"))
            #expect(try await use("300000"))
            #expect(try await use("100000"), "1,000 others were issued since")
            #expect(try await !use("100000"))
            #expect(try await Dump.of(driver)["card_challenge"].count <= 1_200, "old ones are forgotten")
        }
    }

    @Test("Counts of names and browsers", arguments: StoreKind.allCases)
    func throttles(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let (name, other) = (try UserName("alice"), try UserName("bob"))
            let now = Instant(milliseconds: 1_767_225_600_000)
            try await store.write { try $0.passwordThrottles.remember(device: hash(1), for: name, at: now) }
            let counts = try await store.write { store in
                var (throttle, device) = try store.passwordThrottles.lock(name, device: hash(1), at: now)
                #expect((throttle, device) == (PasswordThrottle(), DeviceThrottle()))
                _ = throttle.begin(device: &device, limits: PasswordLimits(), at: now)
                try store.passwordThrottles.save(
                    throttle, device: device.map { (hash(1), $0) }, for: name, at: now)
                return (throttle, device)
            }
            // Known again by a later login: its count stays.
            try await store.write { try $0.passwordThrottles.remember(device: hash(1), for: name, at: now) }
            let read = { (name: UserName, device: [UInt8]?) in
                try await store.write { try $0.passwordThrottles.lock(name, device: device, at: now) }
            }
            let (known, unknown, none) = (
                try await read(name, hash(1)), try await read(name, hash(2)), try await read(name, nil)
            )
            let others = try await read(other, hash(1))
            #expect(known == counts)
            #expect(unknown == (counts.0, nil))
            #expect(none == (counts.0, nil))
            #expect(others == (PasswordThrottle(), nil))
            let dump = try await Dump.of(driver)
            for (place, bytes) in dump.cells where place.contains("throttle") {
                #expect(!String(decoding: bytes, as: UTF8.self).contains("alice"), "a name stands in \(place)")
            }
        }
    }

    @Test("Failures of a source are counted by the hour", arguments: StoreKind.allCases)
    func sources(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let now = Instant(milliseconds: 1_767_225_600_000)
            let sources: [FailureSource] = [.address("192.0.2.1"), .application(hash(1)), .firm]
            for source in sources {
                #expect(try await store.read { try $0.sources.failures(of: source, at: now) } == 0)
                for number in 1...3 {
                    #expect(try await store.write { try $0.sources.count(source, at: now) } == Int64(number))
                }
                #expect(try await store.read { try $0.sources.failures(of: source, at: now) } == 3)
                #expect(try await store.write { try $0.sources.count(source, at: now + .hours(1)) } == 1)
            }
            #expect(try await store.write { try $0.sources.forget(before: now + .hours(1)) } == 3)
        }
    }

    @Test("A rehash replaces only the hash that was checked", arguments: StoreKind.allCases)
    func rehash(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let sample = try Sample(byte: 1)
            try await store.write { try sample.add(to: $0) }
            let old = StoredPassword(user: sample.user.id, hash: sample.password, setAt: sample.now)
            let new = try PasswordHash(of: "password 1", salt: hash(2).prefix(16) + [], cost: World.cheap)
            #expect(try await store.write { try $0.users.rehash(old, to: new) })
            #expect(try await !store.write { try $0.users.rehash(old, to: sample.password) })
            #expect(try await store.read { try $0.users.password(of: sample.user.id) }?.hash == new)
        }
    }

    /// The password is changed after the rehash has begun, before it locks the row. SQLite has one writer: there it cannot
    /// happen.
    @Test("A rehash never takes back a password that is changed meanwhile")
    func rehashAndChange() async throws {
        try await TestStore.with(.postgres) { place, driver in
            let store = try await Store.open(driver)
            let sample = try Sample(byte: 1)
            try await store.write { try sample.add(to: $0) }
            let old = StoredPassword(user: sample.user.id, hash: sample.password, setAt: sample.now)
            let changed = try PasswordHash(of: "another", salt: hash(3).prefix(16) + [], cost: World.cheap)
            let upgraded = try PasswordHash(of: "password 1", salt: hash(2).prefix(16) + [], cost: World.cheap)
            try await closing(try place.driver()) { second in
                let watched = WatchedDriver(second) { call in
                    guard call.template.contains("\u{2}") else { return }  // the row lock's marker
                    blocking { _ = try await store.write { try $0.users.rehash(old, to: changed) } }
                }
                let other = try await Store.open(watched)
                #expect(try await !other.write { try $0.users.rehash(old, to: upgraded) })
            }
            #expect(try await store.read { try $0.users.password(of: sample.user.id) }?.hash == changed)
        }
    }
}
