import HTTPTypes
import Identifiers
import TestWorld
import Testing
import Time

/// Pages that change something, for a user with a card who came by a code that went to his number.
@Suite("A code by text beside a card, on pages")
struct StrongerFactorPageTests {
    /// Alice, logged in to her account by the code that went to her number.
    private func alice(_ site: Site) async throws -> Visitor {
        let phone = try await site.bindPhone(to: "alice")
        var visitor = Visitor(site)
        _ = try await visitor.open("/account")
        _ = try await visitor.submit("password", [("username", "alice"), ("password", Firm.password)])
        _ = try await visitor.submit("authenticator", [("authenticator", phone.text)])
        _ = try await visitor.submit("response", [("code", try await site.code())])
        #expect(try await visitor.get("\(visitor.path)/finish").location == "/account")
        return visitor
    }

    @Test("Each leads to a login that says why, takes the card alone, and comes back")
    func pages() async throws {
        try await Site.with { site in
            var visitor = try await self.alice(site)
            #expect(try await visitor.get("/account").status == 200)
            let card = try await visitor.card("0001")
            for path in [
                "/account/password", "/account/address", "/account/cards/order", "/account/cards/\(card)/pin",
            ] {
                let answer = try await visitor.open(path)
                #expect(answer.status == 303 && answer.location == visitor.path, "\(path)")
                let page = try await visitor.get(visitor.path)
                #expect(page.body.contains("with your security card. A code by text or call is not enough."), "\(path)")
            }
            visitor.cookies["countersign-language"] = "zh-Hant"
            #expect(try await visitor.get(visitor.path).body.contains("短訊或語音來電驗證碼並不足夠"))
            visitor.cookies["countersign-language"] = "en"
            let order = try await visitor.send("/account/cards/order", CardPageTests.lines)
            #expect(order.location == visitor.path && visitor.path.hasPrefix("/login/"))
            site.clock.advance(.minutes(3))
            let back = try await visitor.logInToAccount()
            #expect(back.location == "/account/cards/order")
            #expect(try await visitor.get("/account/cards/order").status == 200)
        }
    }

    @Test("Who has a number alone is asked as before")
    func numberAlone() async throws {
        try await Site.with { site in
            try await site.bindPhone(to: "carol")
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            _ = try await visitor.submit("password", [("username", "carol"), ("password", Firm.password)])
            _ = try await visitor.submit("response", [("code", try await site.code())])
            _ = try await visitor.get("\(visitor.path)/finish")
            #expect(try await visitor.get("/account/password").status == 200)
            site.clock.advance(.minutes(6))
            _ = try await visitor.open("/account/password")
            let page = try await visitor.get(visitor.path).body
            #expect(page.contains("confirm once more that it is you.") && !page.contains("is not enough"))
        }
    }
}
