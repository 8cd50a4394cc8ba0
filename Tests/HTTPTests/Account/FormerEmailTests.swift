import Encodings
import HTTPTypes
import Identity
import Outbox
import SQL
import TestWorld
import Testing
import Time

@Suite("An address that another took the place of")
struct FormerEmailTests {
    private static let former = "alice@example.com"

    private static func change(_ email: String, at site: Site) async throws {
        let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
        let answer = try await desk.call(
            .patch, "/users/alice", ["email": .string(email), "reason": "called"])
        #expect(answer.status == 200)
        site.clock.advance(.seconds(1))
    }

    private static func recover(at site: Site) async throws {
        let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
        #expect(try await desk.call(.post, "/users/alice/recovery", ["reason": "lost all"]).status == 201)
        site.clock.advance(.seconds(1))
    }

    /// Where mails of a kind went, and how many of them can undo what they tell of.
    private static func mails(_ kind: NoticeKind, _ site: Site) async throws -> (to: Set<String>, undoing: Int) {
        let mails = try await site.messages().filter { $0.channel == .mail && $0.body.notice == kind }
        #expect(Set(mails.map(\.body.recipient)).count == mails.count, "one each")
        return (Set(mails.map(\.body.recipient)), mails.count { $0.body.undo != nil })
    }

    @Test("Hears of the change, and of a recovery within 72 hours, which it can cancel", arguments: StoreKind.allCases)
    func recovery(kind: StoreKind) async throws {
        try await Site.with(kind, delivery: AdminDeliveryTests.carriers) { site in
            try await Self.change("thief@example.org", at: site)
            #expect(try await Self.mails(.emailChanged, site).to == [Self.former, "thief@example.org"])
            try await Self.change("thief2@example.org", at: site)
            site.clock.advance(.hours(71))
            try await Self.recover(at: site)
            let (told, undoing) = try await Self.mails(.recoveryStarted, site)
            #expect(told == [Self.former, "thief@example.org", "thief2@example.org"] && undoing == 3)
        }
    }

    @Test("After 72 hours only the new one hears", arguments: StoreKind.allCases)
    func later(kind: StoreKind) async throws {
        try await Site.with(kind, delivery: AdminDeliveryTests.carriers) { site in
            try await Self.change("new@example.org", at: site)
            site.clock.advance(.hours(72))
            try await Self.recover(at: site)
            #expect(try await Self.mails(.recoveryStarted, site).to == ["new@example.org"])
            #expect(try await site.dump()["former_email"].count == 1)
        }
    }

    @Test("Of wrong passwords, which anybody can type, it does not hear", arguments: StoreKind.allCases)
    func wrongPasswords(kind: StoreKind) async throws {
        try await Site.with(kind, delivery: AdminDeliveryTests.carriers) { site in
            try await Self.change("new@example.org", at: site)
            var visitor = Visitor(site)
            _ = try await visitor.authorize()
            for _ in 1...9 { _ = try await visitor.submit("password", [("username", "alice"), ("password", "wrong")]) }
            #expect(try await Self.mails(.passwordWarned, site).to == ["new@example.org"])
        }
    }

    @Test("What of a user was changed is named, once each; what was so already is no change")
    func audit() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            for (body, expected) in [
                (["email": "alice@example.com"], []), (["language": "zh-Hant"], ["language"]),
                (["language": "zh-Hant", "email": "alice@example.com"], []),
                (["language": "zh-Hant", "email": "new@example.org"], ["email"]),
                (["language": "en", "email": "alice@example.com"], ["language", "email"]),
            ] as [([String: String], [String])] {
                let before = try await Self.reasons(site)
                var members = body.map { JSONValue.Member($0.key, .string($0.value)) }
                members.append(.init("reason", "called"))
                #expect(try await desk.call(.patch, "/users/alice", .object(members)).status == 200)
                let added = Array(try await Self.reasons(site).dropFirst(before.count))
                #expect(added.sorted() == expected.sorted(), "\(body)")
                site.clock.advance(.seconds(1))
            }
            let entries = try await site.dump()["audit_entry"].filter { $0["event"] == .text("user.changed") }
            #expect(!"\(entries)".contains("example.org"), "never the values")
        }
    }

    /// In the order of the time-ordered ids.
    private static func reasons(_ site: Site) async throws -> [String] {
        try await site.driver.read {
            try $0.query("SELECT reason FROM audit_entry WHERE event = 'user.changed' ORDER BY id").map {
                try $0.text("reason")
            }
        }
    }
}
