import Encodings
import SQL
import TestWorld
import Testing
import Time

@Suite("What a program says that it can do")
struct ClientCapabilityTests {
    private func asked(_ site: Site, _ capabilities: JSONValue?) async throws -> (NativeLogin, Answer) {
        let login = try NativeLogin(
            try await site.native("", try NativeLoginTests.body(["capabilities": capabilities])))
        return (login, try await login.password(site, "carol"))
    }

    @Test("An old program is offered no call, and gets none", arguments: StoreKind.allCases)
    func old(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            try await site.bindPhone(to: "carol")
            for capabilities in [nil, [], ["teletext"]] as [JSONValue?] {
                let (login, asked) = try await self.asked(site, capabilities)
                #expect(asked.json?["code"]?["text_from"] != nil && asked.json?["code"]?["voice_from"] == nil)
                let before = try await site.dump()
                let refused = try await login.step(site, "code", ["by": "voice"])
                #expect(refused.status == 422 && refused.json?["code"] == "code_not_sent")
                guard case .string(let detail)? = refused.json?["detail"] else { throw Missing(what: "a detail") }
                #expect(detail.contains("capabilities"))
                #expect(try await site.dump() == before)
                site.clock.advance(.minutes(2))
                let text = try await login.step(site, "code", ["by": "text"])
                #expect(text.status == 200 && text.json?["code"]?["voice_from"] == nil)
                site.clock.advance(.minutes(40))
            }
        }
    }

    @Test("One that says so is offered a call, and gets it", arguments: StoreKind.allCases)
    func voice(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            try await site.bindPhone(to: "carol")
            let (login, asked) = try await self.asked(site, ["voice", "something newer"])
            #expect(asked.json?["code"]?["voice_from"] != nil)
            let called = try await login.step(site, "code", ["by": "voice"])
            #expect(called.status == 200 && called.json?["code"]?["sent_by"] == ["text", "voice"])
            let granted = try await login.respond(site, try await site.code())
            #expect(granted.json?["state"] == "granted")
        }
    }

    @Test("Refused", arguments: ["voice", ["voice": true], [1], [["voice"]]] as [JSONValue])
    func refused(capabilities: JSONValue) async throws {
        try await Site.with { site in
            let answer = try await site.native("", try NativeLoginTests.body(["capabilities": capabilities]))
            #expect(answer.status == 400)
            #expect(try await site.dump()["login"].isEmpty)
        }
    }

    @Test("The same call with other capabilities is another call")
    func idempotent() async throws {
        try await Site.with { site in
            let first = try await site.native(
                "", try NativeLoginTests.body(["capabilities": ["voice"]]), Site.idempotent("k"))
            let second = try await site.native("", try NativeLoginTests.body(), Site.idempotent("k"))
            #expect(first.status == 201 && second.status == 422)
        }
    }
}
