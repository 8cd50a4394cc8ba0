import Foundation
import HTTPTypes
import HummingbirdCore
import HummingbirdTesting
import Languages
import Testing

@testable import ClientPortal

@Suite("Pages, headers, cookies and forms")
struct PageTests {
    @Test("Every answer carries a strict policy that names the issuer for forms")
    func headers() async throws {
        try await World.run { world in
            for path in ["/", "/details", "/login", "/callback", "/nowhere", "/portal_style.css"] {
                let page = try await world.browser().get(path)
                let policy = try #require(page.headers[.contentSecurityPolicy], "\(path)")
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("form-action 'self' \(world.provider.issuer)"))
                #expect(!policy.contains("unsafe") && !policy.contains("*"))
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
                #expect(page.headers[.strictTransportSecurity] == nil)
                #expect(!page.text.contains("<script") && !page.text.contains(" style="))
            }
        }
    }

    @Test("Cookies: HttpOnly, SameSite=Lax, and Secure when the public address is https", arguments: [false, true])
    func cookies(secure: Bool) async throws {
        let origin = secure ? "https://portal.example" : "http://127.0.0.1:8081"
        try await World.run(publicURL: origin) { world in
            let browser = world.browser()
            let own: HTTPFields = [.origin: origin]
            for page in [
                try await browser.post("/login", headers: own),
                try await browser.post("/language", "language=en", headers: own),
                try await browser.post("/logout", headers: own),
            ] {
                let cookie = try #require(page.headers[.setCookie])
                #expect(cookie.hasPrefix("countersign-client-portal-"))
                #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
                #expect(cookie.contains("Secure") == secure)
                #expect((page.headers[.strictTransportSecurity] != nil) == secure)
            }
        }
    }

    @Test("Forms of other sites are refused", arguments: ["/login", "/logout", "/language"])
    func crossSite(path: String) async throws {
        try await World.run { world in
            let browser = world.browser()
            _ = try await browser.logIn()
            let strangers: [HTTPFields] = [
                [:], [.origin: "http://localhost:8081"], [.origin: "null"], [.secFetchSite: "cross-site"],
                [.secFetchSite: "same-site"], [.secFetchSite: "none"],
                [.origin: "http://127.0.0.1:8081", .secFetchSite: "cross-site"],
                [.origin: "http://evil.example", .secFetchSite: "same-origin"],
            ]
            for headers in strangers {
                let page = try await browser.post(path, "language=en", headers: headers)
                #expect(page.status == 403 && page.error == "cross-site", "\(headers)")
            }
            #expect(try await browser.isLoggedIn())
            let own = try await browser.post(path, "language=en", headers: [.secFetchSite: "same-origin"])
            #expect(own.status == 303)
        }
    }

    @Test("The language of the browser, then the one chosen, also on error pages")
    func language() async throws {
        try await World.run { world in
            let browser = Browser(client: world.client, language: "fr, zh-HK;q=0.8, en;q=0.5")
            #expect(try await browser.get("/").text.contains("<html lang=\"zh-Hant\">"))
            #expect(try await browser.get("/nowhere").text.contains("找不到網頁"))
            #expect(try await browser.get("/login").query()["ui_locales"] == "zh-Hant")
            let chosen = try await browser.post("/language", "language=en&return=/details")
            #expect(chosen.status == 303 && chosen.location == "/details")
            #expect(try await browser.get("/").text.contains("<html lang=\"en\">"))
            #expect(try await browser.get("/login").query()["ui_locales"] == "en")
            for wrong in ["language=fr", "", "language=en&language=en"] {
                #expect(try await browser.post("/language", wrong).status == 400, "\(wrong)")
            }
            let elsewhere = try await browser.post("/language", "language=en&return=https://evil.example")
            #expect(elsewhere.location == "/")
        }
    }

    @Test("A page that is not there, and a method that is not, are 4xx pages")
    func notFound() async throws {
        try await World.run { world in
            #expect(try await world.browser().get("/nowhere").error == "not-found")
            #expect(try await world.browser().get("/logout").status == 404)
            #expect(try await world.browser().get("/details").location == "/")
            let big = try await world.browser().post("/language", String(repeating: "a", count: 5000))
            #expect((400..<500).contains(big.status))
        }
    }

    @Test("Every error has a page in both languages", arguments: PortalError.allCases, Language.allCases)
    func errors(error: PortalError, language: Language) throws {
        let address = PublicAddress(try #require(WebAddress("http://127.0.0.1:8081")))
        let page = try Pages(messages: try .embedded(), address: address).error(error, language: language)
        #expect(page.status == error.status)
        #expect(page.headers[.contentLanguage] == language.rawValue)
    }
}
