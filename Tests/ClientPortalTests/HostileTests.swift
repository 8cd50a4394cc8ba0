import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import ClientPortal

@Suite("Hostile callbacks and tokens: each is refused on the right page and leaves no session")
struct HostileTests {
    @Test("Callbacks", arguments: HostileCallback.all)
    func callback(row: HostileCallback) async throws {
        try await World.run { world in
            let browser = world.browser()
            let page = try await browser.get(row.change(try await browser.answer()))
            #expect(page.error == row.error)
            #expect(page.status == row.status)
            #expect(browser.cookies[PortalCookie.session.rawValue] == nil)
            #expect(try await browser.isLoggedIn() == false)
        }
    }

    @Test("A right answer in another browser is refused, and the first browser can still use it")
    func anotherBrowser() async throws {
        try await World.run { world in
            let (victim, attacker) = (world.browser(), world.browser())
            let answer = try await attacker.answer()
            #expect(try await victim.get(answer).error == "unknown-login")
            _ = try await victim.answer()  // a login of its own, so that it has a cookie
            #expect(try await victim.get(answer).error == "unknown-login")
            #expect(try await victim.isLoggedIn() == false)
            #expect(try await attacker.get(answer).status == 303)
        }
    }

    @Test("An answer counts once, whatever became of it")
    func once() async throws {
        try await World.run { world in
            let browser = world.browser()
            let answer = try await browser.answer()
            #expect(try await browser.get(answer).status == 303)
            #expect(try await browser.get(answer).error == "unknown-login")
            #expect(try await browser.isLoggedIn(), "a replay does not log out")
            let second = try await browser.answer()
            #expect(try await browser.get(second.replacing(/code=[^&]*/, with: "code=guess")).error == "code-refused")
            #expect(try await browser.get(second).error == "unknown-login")
        }
    }

    @Test("An answer after fifteen minutes is too late")
    func late() async throws {
        try await World.run { world in
            let browser = world.browser()
            let answer = try await browser.answer()
            world.clock.advance(by: PortalLogins.pendingLifetime)
            #expect(try await browser.get(answer).error == "unknown-login")
        }
    }

    @Test(
        "Tokens and other answers of the provider",
        arguments: [
            (.wrongTokenIssuer, "bad-token"), (.wrongNonce, "bad-token"), (.noNonce, "bad-token"),
            (.wrongAudience, "bad-token"), (.secondAudience, "bad-token"), (.audienceIsNumber, "bad-token"),
            (.wrongAuthorizedParty, "bad-token"), (.expired, "bad-token"), (.noExpiry, "bad-token"),
            (.issuedLongAgo, "bad-token"), (.issuedInFuture, "bad-token"), (.authenticatedInFuture, "bad-token"),
            (.noSubject, "bad-token"), (.wrongAccessTokenHash, "bad-token"), (.algorithmNone, "bad-token"),
            (.hmacWithPublicKey, "bad-token"), (.hmacWithPublicPoint, "bad-token"), (.otherKeySameID, "bad-token"),
            (.unknownKeyID, "bad-token"), (.noKeyID, "bad-token"), (.criticalHeader, "bad-token"),
            (.changedPayload, "bad-token"), (.notAToken, "bad-token"), (.accessTokenType, "bad-token"),
            (.otherUserInUserinfo, "wrong-user"), (.noUserInUserinfo, "wrong-user"), (.userinfoRefused, "bad-token"),
            (.tokenEndpointRefuses, "code-refused"), (.answersWithoutIssuer, "wrong-issuer"),
        ] as [(Fault, String)])
    func token(fault: Fault, error: String) async throws {
        try await World.run { world in
            world.provider.set(fault)
            let browser = world.browser()
            let page = try await browser.logIn()
            #expect(page.error == error)
            #expect(page.status == 400)
            #expect(browser.cookies[PortalCookie.session.rawValue] == nil)
            #expect(try await browser.isLoggedIn() == false)
            // The next login is not spoilt.
            world.provider.set(.none)
            #expect(try await browser.logIn().status == 303)
        }
    }

    @Test("An unheard-of key id fetches the keys again, once")
    func unknownKey() async throws {
        try await World.run { world in
            _ = try await world.browser().logIn()
            world.provider.set(.unknownKeyID)
            _ = try await world.browser().logIn()
            #expect(world.provider.state.withLock { $0.keyFetches } == 2)
        }
    }

    @Test(
        "When the authentication may not be old, auth_time must say that it is not",
        arguments: [
            ("/login?prompt=login", .authenticatedLongAgo, "bad-token"),
            ("/login?max_age=600", .authenticatedLongAgo, "bad-token"),
            ("/login?prompt=login", .noAuthenticationTime, "bad-token"),
            ("/login?max_age=600", .noAuthenticationTime, "bad-token"),
            ("/login?max_age=7200", .authenticatedLongAgo, nil), ("/login?max_age=600", .none, nil),
            ("/login", .authenticatedLongAgo, nil), ("/login", .noAuthenticationTime, nil),
        ] as [(String, Fault, String?)])
    func authenticationTime(path: String, fault: Fault, error: String?) async throws {
        try await World.run { world in
            world.provider.set(fault)
            let browser = world.browser()
            let page = try await browser.logIn(path)
            #expect(page.error == error)
            #expect(try await browser.isLoggedIn() == (error == nil))
        }
    }

    @Test(
        "A provider whose metadata is not its own is not used",
        arguments: [Fault.wrongMetadataIssuer, .metadataWithoutS256, .metadataIsNotJSON])
    func metadata(fault: Fault) async throws {
        try await World.run { world in
            world.provider.set(fault)
            let page = try await world.browser().post("/login")
            #expect(page.error == "provider-misconfigured" && page.status == 502)
        }
    }

    @Test("A provider that fails or is not there gets a page of its own")
    func unreachable() async throws {
        try await World.run { world in
            world.provider.set(.tokenEndpointFails)
            let page = try await world.browser().logIn()
            #expect(page.error == "provider-unreachable" && page.status == 503)
            world.provider.set(.none)
        }
        let issuer = try #require(WebAddress("http://127.0.0.1:9"))
        let client = ProviderClient(http: World.http, logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let directory = ProviderDirectory(issuer: issuer, client: client) { 0 }
        await #expect(throws: PortalError.providerUnreachable) { try await directory.currentMetadata() }
    }
}
