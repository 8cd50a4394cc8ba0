import Applications
import Flows
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("A number alone: what its user is told, and the words where no code arrives")
struct RestrictedFactorPageTests {
    /// Carol, logged in to her account by the code that went to her number.
    private func carol(_ site: Site) async throws -> Visitor {
        try await site.bindPhone(to: "carol")
        var visitor = Visitor(site)
        _ = try await visitor.open("/account")
        _ = try await visitor.submit("password", [("username", "carol"), ("password", Firm.password)])
        _ = try await visitor.submit("response", [("code", try await site.code())])
        #expect(try await visitor.get("\(visitor.path)/finish").location == "/account")
        return visitor
    }

    private static let form = #"action="/account/phone/acknowledge""#

    @Test("Told on both pages with a card to order, until the button is pressed", arguments: ["overview", "phone"])
    func acknowledged(page: String) async throws {
        try await Site.with { site in
            var visitor = try await self.carol(site)
            let overview = try await visitor.get("/account").body
            #expect(overview.contains("Phone number ending 67") && !overview.contains("You have none yet"))
            for path in ["/account", "/account/phone"] {
                let body = try await visitor.get(path).body
                #expect(body.contains(Self.form) && body.contains("/account/cards/order"), "\(path)")
                #expect(body.contains("Your only second factor is a phone number"), "\(path)")
            }
            let pressed = try await visitor.send("/account/phone/acknowledge", [("page", page)])
            let back = page == "overview" ? "/account?done=acknowledged" : "/account/phone?done=acknowledged"
            #expect(pressed.status == 303 && pressed.location == back)
            #expect(try await visitor.get(back).body.contains("We have noted that you know."))
            #expect(try await !visitor.get("/account").body.contains(Self.form))
            let phone = try await visitor.get("/account/phone").body
            #expect(!phone.contains(Self.form) && phone.contains("You told us on"))
        }
    }

    @Test(
        "Why a code was kept back from a typed number is not told", arguments: ["sim_swapped", "unchecked", "account"])
    func keptBack(fault: String) async throws {
        try await Site.with { site in
            var visitor = try await self.carol(site)
            let begun = try await visitor.send("/account/phone", [("country", "HK"), ("number", "6123 4567")])
            let failure: SQLStatement = "UPDATE outbox SET state = 'failed', due_at = NULL, fault = \(fault)"
            _ = try await site.driver.write { try $0.execute(failure) }
            let path = try #require(begun.location)
            #expect(path.hasPrefix("/account/phone/checks/"))
            let page = try await visitor.get(path).body
            #expect(page.contains("no code can be sent to this number now") && !page.contains("SIM"))
            visitor.cookies["countersign-language"] = "zh-Hant"
            #expect(try await visitor.get(path).body.contains("目前無法向此號碼發送驗證碼"))
        }
    }

    @Test("Not by a form from elsewhere, nor without a session")
    func refused() async throws {
        try await Site.with { site in
            let visitor = try await self.carol(site)
            let path = "/account/phone/acknowledge"
            #expect(try await site.post(path, [("page", "phone")], visitor.headers).status == 403)
            #expect(try await site.post(path, [("csrf", "x")], visitor.headers).status == 403)
            #expect(try await site.post(path, [("csrf", "x")]).location?.hasPrefix("/login/") == true)
            #expect(try await visitor.site.get(path, visitor.headers).status == 405)
            var other = visitor
            #expect(try await other.get("/account").body.contains(Self.form))
        }
    }

    @Test(
        "Each kind of application has its words",
        arguments: zip(
            ApplicationSurface.allCases,
            [
                "Didn’t receive a security code?", "Request a new security code", "Request a new code",
                "Request new security code",
            ]))
    func words(surface: ApplicationSurface, heading: String) async throws {
        let application = Provisions.NewApplication(
            clientID: "app", secretHash: Application.hash(ofSecret: Firm.portalSecret),
            registration: ApplicationRegistration(
                name: "App", kind: .web, redirectURIs: [Firm.callback], postLogoutRedirectURIs: [], permissions: [],
                surface: surface))
        try await Site.with(adding: [application]) { site in
            try await site.bindPhone(to: "carol")
            var visitor = Visitor(site)
            _ = try await visitor.authorize([("client_id", "app")])
            _ = try await visitor.submit("password", [("username", "carol"), ("password", Firm.password)])
            let page = try await visitor.get(visitor.path).body
            #expect(page.contains(#"<h2 id="not-received">\#(heading)</h2>"#))
            let help = try await visitor.get("\(visitor.path)/help")
            #expect(help.status == 200 && help.body.contains("old version") == (surface == .desktopTrader))
        }
    }
}
