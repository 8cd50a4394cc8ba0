import Encodings
import HTTPTypes
import Identity
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Stopped blocks of numbers, for the staff")
struct BlockEndpointTests {
    static func stop(_ prefix: String, _ codes: String = "login", at site: Site) async throws {
        let now = site.clock.now().milliseconds
        let statement: SQLStatement = """
            INSERT INTO number_block (
                prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version)
            VALUES (\(prefix), \(codes), 'HK', \(now), \(now + 3_600_000), 40, 3, NULL, 1)
            """
        _ = try await site.driver.write { try $0.execute(statement) }
    }

    @Test("Seen by all of the staff, resumed by an administrator with a reason", arguments: StoreKind.allCases)
    func resumed(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let blocks: [JSONValue] = ["login", "number"].map { codes in
                [
                    "prefix": "+852512", "region": "HK", "codes": .string(codes), "since": "2026-01-01T00:00:00.000Z",
                    "until": "2026-01-01T01:00:00.000Z", "sent": 40, "used": 3,
                ]
            }
            for codes in ["login", "number"] { try await Self.stop("+852512", codes, at: site) }
            let path = "/delivery/blocks/+852512/resume"
            for role in [Role.helpDesk, .auditor] {
                let desk = try await Desk.loggedIn("dave", roles: [role], at: site)
                #expect(try await desk.call(.get, "/delivery/blocks").json == ["blocks": .array(blocks)])
                #expect(try await desk.call(.post, path, ["reason": "lost texts"]).status == 403)
                site.clock.advance(.minutes(1))
            }
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            for body in [[:], ["reason": ""], ["reason": "x", "more": 1]] as [JSONValue] {
                #expect(try await desk.call(.post, path, body).status == 400)
            }
            let resumed = try await desk.call(.post, path, ["reason": "the carrier had lost our texts"])
            #expect(resumed.status == 200 && resumed.json == ["prefix": "+852512"])
            #expect(try await desk.call(.get, "/delivery/blocks").json == ["blocks": []])
            let again = try await desk.call(.post, path, ["reason": "once more"])
            #expect(again.status == 404 && again.json?["code"] == "not_found")
            let entries = try await desk.entries("?event=number_block.resumed")
            #expect(entries.count == 1 && entries[0]["actor"] == "dave")
            #expect(entries[0]["explanation"] == "+852512: the carrier had lost our texts")
        }
    }

    @Test(
        "What is no prefix names no block",
        arguments: ["", "852512", "+", "%2B85x", "+852512%00", "+1234567890123456"])
    func malformed(prefix: String) async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            #expect(try await desk.call(.post, "/delivery/blocks/\(prefix)/resume", ["reason": "x"]).status == 404)
        }
    }
}
