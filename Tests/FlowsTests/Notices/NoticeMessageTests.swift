import Authenticators
import Channels
import Encodings
import Identifiers
import Identity
import Outbox
import PhoneNumbers
import SQL
import Storage
import TestWorld
import Testing
import Time

@testable import Flows

/// What goes out beside the account's pages, in the transaction of the change.
@Suite("Notices are sent")
struct NoticeMessageTests {
    static let mail = "alice@example.com"

    @Test("Every kind by its ways, in the user's language", arguments: StoreKind.allCases)
    func everyKind(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sending.noticesPerNumberDay = 100
        try await World.with(kind, limits: limits, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            try await world.speak("zh-Hant")
            let user = try await world.user("alice")
            for notice in NoticeKind.allCases { try await Self.tell(world, user, notice) }
            let expected = NoticeKind.allCases.flatMap { notice in
                notice.ways.channels.map { channel in
                    QueuedNotice(notice, channel, to: channel == .mail ? Self.mail : World.phone, in: "zh-Hant")
                }
            }
            let queued = try await world.queuedNotices()
            #expect(Set(queued) == Set(expected) && queued.count == expected.count)
            let rows = try await world.dump()["outbox"]
            #expect(rows.allSatisfy { $0["urgency"] == .integer(1) && $0["template"] == .text("notice") })
            let end = world.clock.now() + .hours(24)
            #expect(rows.allSatisfy { $0["expires_at"] == .integer(end.milliseconds) })
            let prefix = try PhoneNumber(stored: World.phone).carrierPrefix()
            #expect(
                rows.filter { $0["channel"] == .text("text") }.allSatisfy {
                    $0["region"] == .text("HK") && $0["prefix"] == .text(prefix)
                })
            #expect(try await world.notices("alice").count == NoticeKind.allCases.count)
        }
    }

    @Test("By the ways that the firm has, and to the countries that it sends to", arguments: StoreKind.allCases)
    func plan(kind: StoreKind) async throws {
        for (plan, expected) in [
            (NoticePlan(), []), (NoticePlan(channels: [.mail]), [MessageChannel.mail]),
            (NoticePlan(channels: [.text], countries: ["HK"]), [.text]),
            (NoticePlan(channels: [.text], countries: ["GB"]), []), (NoticePlan(channels: [.voice]), []),
        ] {
            try await World.with(kind, notices: plan) { world in
                try await world.bindPhone(to: "alice")
                try await Self.tell(world, try await world.user("alice"), .passwordChanged)
                #expect(try await world.queuedNotices().map(\.channel) == expected)
                #expect(try await world.notices("alice").count == 1, "the pages show it all the same")
            }
        }
    }

    @Test("A changed password: told at once, once, on every way", arguments: StoreKind.allCases)
    func password(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            let own = try await world.enter("dave", card: Firm.dave)
            try await world.bindPhone(to: "dave")
            let typed = TypedPasswordChange(
                old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
            #expect(try await world.account.changePassword(typed, in: own, origin: World.origin) == .changed)
            #expect(
                Set(try await world.queuedNotices()) == [
                    QueuedNotice(.passwordChanged, .mail, to: "dave@example.com"),
                    QueuedNotice(.passwordChanged, .text, to: World.phone),
                ])
            for message in try await world.messages() {
                #expect(message.body.code == nil && message.body.undo == nil)
                #expect(message.body.details == .object([.init("at", .integer(world.clock.now().milliseconds))]))
            }
        }
    }

    @Test("A change that was rolled back is told nobody", arguments: StoreKind.allCases)
    func rolledBack(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            let (user, now, environment) = (try await world.user("alice"), world.clock.now(), world.environment)
            await #expect(throws: StorageError.damaged(table: "test")) {
                try await world.store.write { store in
                    try environment.tell(user, .passwordChanged, in: store, at: now)
                    throw StorageError.damaged(table: "test")
                }
            }
            #expect(try await world.messages().isEmpty)
            #expect(try await world.notices("alice").isEmpty)
            #expect(try await world.dump()["sending_count"].isEmpty, "nor does it count")
        }
    }

    @Test("Without an address, without a number: nothing is sent, and nothing fails", arguments: StoreKind.allCases)
    func nowhere(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            let user = try await world.add("erin")
            try await Self.tell(world, user, .passwordChanged)
            #expect(try await world.messages().isEmpty)
            #expect(try await world.notices("erin").count == 1)
        }
    }

    @Test("A number that cannot be read keeps nobody from blocking a card", arguments: StoreKind.allCases)
    func damagedNumber(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            try await world.execute(
                "UPDATE phone_number SET number = \([1, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 60))")
            try await Self.tell(world, try await world.user("alice"), .authenticatorBlocked)
            #expect(try await world.queuedNotices().map(\.channel) == [.mail])
        }
    }

    @Test(
        "A number that takes no codes any more still hears; one that was given up does not",
        arguments: StoreKind.allCases)
    func numbers(kind: StoreKind) async throws {
        try await World.with(kind, notices: NoticePlan(channels: [.text])) { world in
            let user = try await world.user("alice")
            for (status, isTold) in [("active", true), ("disabled", true), ("removed", false)] {
                let number = "+8525123456\(status.count % 10)"
                let id = try await world.bindPhone(number, to: "alice")
                try await world.execute("UPDATE authenticator SET status = \(status) WHERE id = \(id.bytes)")
                try await Self.tell(world, user, .pinChanged)
                let queued = try await world.queuedNotices()
                #expect(queued.contains(QueuedNotice(.pinChanged, .text, to: number)) == isTold, "\(status)")
            }
        }
    }

    @Test(
        "A number that is changed: the old one hears of it once, the new one of nothing", arguments: StoreKind.allCases)
    func changedNumber(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        try await World.with(kind, limits: limits, notices: World.everyWay) { world in
            let flow = PhoneFlow(account: world.account)
            let own = try await world.enter()
            for number in ["+85251230001", "+85251230002"] { try await world.bindPhone(number, to: "alice") }
            let check = try await flow.begin(
                try PhoneNumber(stored: "+447400123456"), own, origin: World.origin)
            let code = try #require(try await world.messages().compactMap(\.body.code).first)
            let end = try await flow.confirm(check.challenge.id, typed: code, own, origin: World.origin)
            guard case .bound = end else { throw Missing(what: "a bound number") }
            let queued = try await world.queuedNotices()
            #expect(
                Set(queued) == [
                    QueuedNotice(.phoneNumberRemoved, .text, to: "+85251230001"),
                    QueuedNotice(.phoneNumberRemoved, .text, to: "+85251230002"),
                    QueuedNotice(.phoneNumberRemoved, .mail, to: Self.mail),
                    QueuedNotice(.phoneNumberAdded, .mail, to: Self.mail),
                ])
            #expect(queued.count { $0.channel == .text } == 2)
        }
    }

    @Test("A recovery that the help desk began: the mail can undo it, the text cannot", arguments: StoreKind.allCases)
    func recovery(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            let answer = try await world.staff.startRecovery(
                for: try await world.user("alice"), by: try await world.action(), origin: World.origin)
            guard case .issued(let code, let issued) = answer else { throw Missing(what: "a recovery") }
            for message in try await world.messages() {
                #expect(!message.body.storedText.contains(code.text))
                guard message.channel == .mail else {
                    #expect(message.body.undo == nil)
                    continue
                }
                let link = try #require(message.body.undo.flatMap { RecoveryLink($0) })
                #expect(link.id == issued.id)
                #expect(try await world.account.cancelRecovery(link, origin: World.origin))
            }
        }
    }

    static func tell(_ world: World, _ user: UserID, _ kind: NoticeKind) async throws {
        let (now, environment) = (world.clock.now(), world.environment)
        try await world.store.write { try environment.tell(user, kind, in: $0, at: now) }
    }
}
