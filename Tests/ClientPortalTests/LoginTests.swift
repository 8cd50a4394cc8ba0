import Foundation
import HTTPTypes
import HummingbirdTesting
import JWTKit
import Synchronization
import Testing

@testable import ClientPortal

@Suite("Logging in and out")
struct LoginTests {
    @Test("A whole login, from the front page to the portfolio, the details and out again")
    func wholeLogin() async throws {
        try await World.run { world in
            let browser = world.browser()
            let front = try await browser.get("/")
            #expect(front.status == 200)
            #expect(front.text.contains("id=\"login\""))

            let done = try await browser.logIn()
            #expect(done.status == 303 && done.location == "/")
            let home = try await browser.get("/")
            #expect(home.text.contains("Welcome, Alice Chan"))
            #expect(home.text.contains("password, security card and PIN"))
            #expect(home.text.contains("2027-01-15 08:00:00 UTC"))
            #expect(home.text.contains("just now"))
            #expect(home.text.contains("urn:example:two-factors"))
            let details = try await browser.get("/details")
            for claim in ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr"] {
                #expect(details.text.contains("id=\"claim-\(claim)\""), "\(claim)")
            }

            let token = try #require(world.provider.state.withLock { $0.authorizations.first })
            #expect(token["redirect_uri"] == "http://127.0.0.1:8081/callback")
            #expect(token["ui_locales"] == "en")

            let out = try await browser.post("/logout")
            #expect(out.status == 303)
            #expect(out.location.hasPrefix(world.provider.issuer + "/logout?id_token_hint=ey"))
            #expect(try out.query()["post_logout_redirect_uri"] == "http://127.0.0.1:8081/")
            #expect(try await browser.isLoggedIn() == false)
            let back = try await browser.visitProvider(out.location)
            #expect(try await browser.get(back).text.contains("You have logged out."))
            #expect(try await browser.get(back).text.contains("You have logged out.") == false)
        }
    }

    @Test("What /login passes on")
    func options() async throws {
        try await World.run { world in
            let page = try await world.browser().get("/login?prompt=login&max_age=60&ui_locales=fr%20de")
            let query = try page.query()
            #expect(query["prompt"] == "login" && query["max_age"] == "60" && query["ui_locales"] == "fr de")
            #expect(query["code_challenge_method"] == "S256" && query["response_type"] == "code")
            for wrong in ["prompt=evil", "max_age=-1", "max_age=1e3", "ui_locales=%0d", "prompt=none&prompt=login"] {
                let refused = try await world.browser().get("/login?\(wrong)")
                #expect(refused.status == 400 && refused.error == "malformed-request", "\(wrong)")
            }
        }
    }

    @Test("State, nonce, challenge and session are new each time, and a second login ends the first session")
    func newSecrets() async throws {
        try await World.run { world in
            let browser = world.browser()
            browser.plant(.session, "planted")
            _ = try await browser.logIn()
            let first = try #require(browser.cookies[PortalCookie.session.rawValue])
            #expect(first != "planted")
            _ = try await browser.logIn("/login?prompt=login")
            let second = try #require(browser.cookies[PortalCookie.session.rawValue])
            #expect(second != first)
            let other = world.browser()
            other.plant(.session, first)
            #expect(try await other.isLoggedIn() == false)
            let asked = world.provider.state.withLock { $0.authorizations }
            for name in ["state", "nonce", "code_challenge"] {
                #expect(Set(asked.map { $0[name] }).count == 2, "\(name)")
                #expect(asked.allSatisfy { $0[name]?.count == 43 }, "\(name)")
            }
        }
    }

    @Test("Two tabs of one browser both come to an end")
    func twoTabs() async throws {
        try await World.run { world in
            let browser = world.browser()
            let first = try await browser.answer()
            let second = try await browser.answer()
            #expect(try await browser.get(first).status == 303)
            #expect(try await browser.get(second).status == 303)
        }
    }

    @Test("Sessions end after eight hours")
    func sessionsEnd() async throws {
        try await World.run { world in
            let browser = world.browser()
            _ = try await browser.logIn()
            world.clock.advance(by: PortalLogins.sessionLifetime - 1)
            #expect(try await browser.isLoggedIn())
            world.clock.advance(by: 1)
            #expect(try await browser.isLoggedIn() == false)
        }
    }

    @Test("The provider may change its key: an unknown key id fetches the keys once more")
    func keyChange() async throws {
        try await World.run { world in
            _ = try await world.browser().logIn()
            world.provider.state.withLock { state in
                state.key = ES256PrivateKey()
                state.keyID = "second"
            }
            let browser = world.browser()
            _ = try await browser.logIn()
            #expect(try await browser.isLoggedIn())
            #expect(world.provider.state.withLock { $0.keyFetches } == 2)
            #expect(world.provider.state.withLock { $0.metadataFetches } == 1)
        }
    }

    @Test("Metadata is fetched again after five minutes")
    func metadataExpires() async throws {
        try await World.run { world in
            _ = try await world.browser().get("/login")
            world.clock.advance(by: ProviderDirectory.lifetime)
            _ = try await world.browser().get("/login")
            #expect(world.provider.state.withLock { $0.metadataFetches } == 2)
        }
    }

    @Test("Without an end_session_endpoint the portal's own session ends all the same")
    func logoutWithoutEndpoint() async throws {
        try await World.run { world in
            world.provider.set(.noLogout)
            let browser = world.browser()
            _ = try await browser.logIn()
            let out = try await browser.post("/logout")
            #expect(out.location.hasPrefix("/?state="))
            #expect(try await browser.get(out.location).text.contains("You have logged out."))
        }
    }

    @Test("When the provider does not answer, the portal's session ends and the page says what is left")
    func logoutWithoutProvider() async throws {
        try await World.run { world in
            let browser = world.browser()
            _ = try await browser.logIn()
            world.provider.set(.metadataIsNotJSON)
            world.clock.advance(by: ProviderDirectory.lifetime)
            let out = try await browser.post("/logout")
            #expect(out.error == "logged-out-here")
            #expect(try await browser.isLoggedIn() == false)
        }
    }

    @Test("A provider that does not announce `iss` may leave it out")
    func silentAboutIssuer() async throws {
        try await World.run { world in
            world.provider.set(.silentAboutIssuer)
            let browser = world.browser()
            _ = try await browser.logIn()
            #expect(try await browser.isLoggedIn())
        }
    }

    @Test("A name cannot bring markup into the page")
    func escapes() async throws {
        try await World.run { world in
            world.provider.state.withLock { $0.claims["acr"] = .string("<script>alert(1)</script>\"'") }
            let browser = world.browser()
            _ = try await browser.logIn()
            for path in ["/", "/details"] {
                let page = try await browser.get(path)
                #expect(!page.text.contains("<script") && page.text.contains("&lt;script&gt;"), "\(path)")
            }
        }
    }
}
