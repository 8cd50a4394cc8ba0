import Encodings
import SQL
import TestWorld
import Testing

@Suite("How far a code came, as programs are told that draw the login")
struct CodeDeliveryAPITests {
    private static let ways: [(state: String, progress: String?)] = [
        ("waiting", nil), ("attempting", nil), ("sent", nil), ("sent", "buffered"), ("delivered", "delivered"),
        ("failed", "undeliverable"), ("failed", nil), ("expired", nil), ("withdrawn", nil),
    ]

    @Test("As it stands at each call", arguments: StoreKind.allCases)
    func states(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            try await site.bindPhone(to: "carol")
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            let asked = try await login.password(site, "carol")
            #expect(asked.json?["code"]?["delivery"] == ["by": "text", "state": "waiting"])
            for (state, progress) in Self.ways {
                let change: SQLStatement = "UPDATE outbox SET state = \(state), progress = \(progress), due_at = NULL"
                _ = try await site.driver.write { try $0.execute(change) }
                let expected = JSONValue.object(omittingAbsent: [
                    "by": "text", "state": .string(state), "progress": progress.map(JSONValue.string),
                ])
                #expect(try await login.get(site).json?["code"]?["delivery"] == expected, "\(state)")
            }
        }
    }

    @Test("Nothing went out: nothing is said of its way")
    func nothing() async throws {
        try await Site.with { site in
            try await site.bindPhone(to: "carol")
            for _ in 1...2 {
                let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
                let code = try await login.password(site, "carol").json?["code"]
                #expect((code?["delivery"] == nil) == (code?["sent_by"] == []))
            }
        }
    }
}
