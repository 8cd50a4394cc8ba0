import Applications
import Authenticators
import Flows
import Identifiers
import Identity
import Login
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("Logging in to the server's own pages")
struct AccountLoginTests {
    @Test("With a second factor: a session of two, and the browser is known", arguments: StoreKind.allCases)
    func twoFactors(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.accountLogin()
            let end = try await world.account.finish(ticket, device: nil, replacing: nil, origin: World.origin)
            guard case .entered(let session, let device, let returnTo) = end else {
                Issue.record("not entered")
                return
            }
            #expect(device != nil && returnTo == "/account")
            let visitor = try await world.account.admit(session, to: .change)
            #expect(visitor.user.name.text == "alice")
            #expect(visitor.session.authentication.assurance == .multiFactor)
            guard case .over = try await world.account.finish(ticket, device: nil, replacing: nil, origin: World.origin)
            else {
                Issue.record("it gave a second session")
                return
            }
            #expect(try await world.dump()["session"].count == 1)
        }
    }

    @Test(
        "By the password alone only who has no active authenticator, and only here", arguments: StoreKind.allCases)
    func passwordAlone(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.enter("carol", card: nil)
            let visitor = try await world.account.admit(session, to: .activation)
            #expect(visitor.session.authentication.methods == [.password])
            for access in [AccountAccess.view, .change] {
                await #expect(throws: FlowError.notPermitted(.needsSecondFactor, visitor.user.id)) {
                    _ = try await world.account.admit(session, to: access)
                }
            }
            #expect(try await world.dump()["device_throttle"].isEmpty, "the browser is not known by that")
            let other = try await world.submit(try await world.start(), "carol")
            #expect(other.refusal == .noAuthenticator, "an application asks for two")
            let ticket = try await world.accountLogin("alice", card: nil)
            guard case .over = try await world.account.finish(ticket, device: nil, replacing: nil, origin: World.origin)
            else {
                Issue.record("alice has a card")
                return
            }
        }
    }

    @Test("No application gets a code in a session of one factor", arguments: StoreKind.allCases)
    func noCode(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let one = try await world.enter("carol", card: nil)
            let two = try await world.enter()
            for (session, isGiven) in [(one, false), (two, true)] {
                let code = try await world.authorization.issueCode(
                    for: try await world.application("portal"), authorization: try World.pending(), session: session,
                    user: nil, maximumAge: nil, isActivity: true, origin: World.origin)
                #expect((code != nil) == isGiven)
            }
        }
    }

    @Test("A login to an application is not one to the pages, nor the other way round", arguments: StoreKind.allCases)
    func purposes(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.accountLogin()
            #expect(
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
            let (other, challenge) = try await world.challenged()
            _ = try await world.respond(other, try Firm.alice.response(to: challenge))
            guard case .over = try await world.account.finish(other, device: nil, replacing: nil, origin: World.origin)
            else {
                Issue.record("an application's login opened the pages")
                return
            }
            #expect(try await world.dump()["session"].isEmpty)
        }
    }

    @Test(
        "Proving himself anew the user keeps his session, under a new secret", arguments: StoreKind.allCases)
    func renewed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let token = try #require(try await world.redeem(finished.code)).accessToken
            world.clock.advance(.minutes(4))
            let before = try await world.account.admit(finished.session, to: .change).session
            world.clock.advance(.minutes(1))
            await #expect(throws: FlowError.notPermitted(.needsFreshSecondFactor, before.user)) {
                _ = try await world.account.admit(finished.session, to: .change)
            }
            world.clock.advance(.milliseconds(-1))
            let renewed = try await world.enter(replacing: finished.session)
            let after = try await world.account.admit(renewed, to: .change).session
            #expect(after.id == before.id && after.authentication.at == world.clock.now())
            await #expect(throws: FlowError.notLoggedIn) {
                _ = try await world.account.admit(finished.session, to: .activation)
            }
            #expect(try await world.authorization.userInformation(token) != nil, "applications go on")
            #expect(try await world.audit().contains("session.renewed success"))
        }
    }

    @Test("A session that is over, or another's, is not renewed but replaced", arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let first = try await world.enter()
            let dave = try await world.enter("dave", card: Firm.dave, replacing: first)
            #expect(try await world.dump()["session"].count == 2)
            await #expect(throws: FlowError.notLoggedIn) { _ = try await world.account.admit(first, to: .activation) }
            let old = try await world.account.admit(dave, to: .view).session
            world.clock.advance(.hours(1))
            let again = try await world.enter("dave", card: Firm.dave, replacing: dave)
            #expect(try await world.account.admit(again, to: .view).session.id != old.id)
        }
    }

    @Test("Where one user must prove himself, another does not get in", arguments: StoreKind.allCases)
    func anotherUser(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.enter()
            let alice = try await world.account.admit(session, to: .view).user.id
            let visit = AccountVisit(returnTo: "/account/password", user: alice)
            let ticket = try await world.accountLogin("dave", card: Firm.dave, visit: visit)
            let end = try await world.account.finish(ticket, device: nil, replacing: session, origin: World.origin)
            #expect(end.isAnotherUser)
            #expect(try await world.dump()["session"].count == 1)
            #expect(try await world.account.admit(session, to: .view).user.id == alice)
            #expect(try await world.audit().contains("login.refused failure another_user"))
        }
    }

    @Test("Who is disabled is not admitted", arguments: StoreKind.allCases)
    func disabled(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.enter()
            try await world.execute("UPDATE app_user SET status = 'disabled'")
            await #expect(throws: FlowError.notLoggedIn) {
                _ = try await world.account.admit(session, to: .activation)
            }
        }
    }

    @Test("The pages are no application for anybody to ask for", arguments: StoreKind.allCases)
    func builtIn(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let tickets = try await atOnce(8) { _ in
                try await world.account.start(AccountVisit(returnTo: "/account"), origin: World.origin)
            }
            #expect(tickets.count == 8)
            let rows = try await world.dump()["application"].filter {
                $0["client_id"] == .text(Application.accountClientID)
            }
            #expect(rows.count == 1, "made once")
            #expect(try await world.authorization.application(clientID: Application.accountClientID) == nil)
            var provisions = Provisions()
            provisions.applications = [
                Provisions.NewApplication(
                    clientID: Application.accountClientID, secretHash: nil,
                    registration: ApplicationRegistration(
                        name: "x", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: []))
            ]
            await #expect(throws: ProvisioningError.applicationExists(Application.accountClientID)) {
                try await world.provision(provisions)
            }
        }
    }
}
