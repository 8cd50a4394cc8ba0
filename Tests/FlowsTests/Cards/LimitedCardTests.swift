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

/// Security rule 7: what a weaker factor has bound keeps that factor's limits for 72 hours.
@Suite("A card that a password alone activated")
struct LimitedCardTests {
    static let card = TestCard(serial: "CS-200011", byte: 31, pin: "4821")
    static let third = TestCard(serial: "CS-200012", byte: 32, pin: "4821")

    @Test("Its session shows the account and gives things up, and changes nothing", arguments: StoreKind.allCases)
    func guards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, until) = try await world.limitedCard()
            let secret = try await world.enter(with: card)
            let visitor = try await world.account.admit(secret, to: .view)
            let session = visitor.session
            #expect(session.authentication.methods.contains(.multiFactor), "amr says what was done")
            #expect(session.authentication.assurance == .singleFactor, "acr what it is worth")
            for access in [AccountAccess.change, .pinChange] {
                await #expect(throws: FlowError.notPermitted(.limited(until: until), visitor.user.id)) {
                    _ = try await world.account.admit(secret, to: access)
                }
            }
            let change = TypedPasswordChange(
                old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
            await #expect(throws: FlowError.notPermitted(.limited(until: until), visitor.user.id)) {
                _ = try await world.account.changePassword(change, in: secret, origin: World.origin)
            }
            let (flow, origin) = (world.cards, World.origin)
            #expect(try await world.order(by: session).refusal == .limited(until: until))
            #expect(
                try await flow.startPINChange(of: card, by: session, origin: origin).refusal
                    == .limited(until: until))
            #expect(try await world.audit().contains("card.ordered failure weaker_factor"))
            #expect(try await flow.block(card, by: .user(session), origin: origin).get().state.name == "blocked")
        }
    }

    @Test("A change that was begun in a full session does not go on in a limited one", arguments: StoreKind.allCases)
    func begun(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (_, until) = try await world.limitedCard()
            let session = try await world.session(choosing: "0001")
            let own = try #require(try await world.cards.cards(of: session.user).first).card.id
            let waiting = try await world.cards.startPINChange(of: own, by: session, origin: World.origin).task()
            try await world.execute("UPDATE session SET limited_until = \(until.milliseconds)")
            let response = try Firm.alice.response(to: waiting.digits)
            let step = try await world.cards.proveOldPIN(
                waiting.id, with: response, by: session, origin: World.origin)
            #expect(step.refusal == .limited(until: until))
        }
    }

    @Test("What it activates is bound no more strongly", arguments: StoreKind.allCases)
    func chain(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, _) = try await world.limitedCard()
            let third = try await world.shipped(Self.third, to: try await world.session(choosing: "0001"))
            let secret = try await world.enter(with: card)
            let session = try await world.account.admit(secret, to: .view).session
            let view = try await world.activate(third, Self.third, by: session).done()
            #expect((view.boundBy, view.limitedUntil) == (.singleFactor, world.clock.now() + .hours(72)))
        }
    }

    @Test("Tokens tell the truth, and act for no staff", arguments: StoreKind.allCases)
    func tokens(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, until) = try await world.limitedCard()
            let scope = ["openid", "admin"]
            let finished = try #require(try await world.finish(with: card, try World.pending(scope: scope)))
            let tokens = try #require(try await world.redeem(finished.code))
            #expect(tokens.authentication.assurance == .singleFactor)
            #expect(tokens.authentication.methods == [.password, .oneTimePassword, .pin, .multiFactor])
            #expect(tokens.authentication.limitedUntil == until)
            #expect(tokens.scope == ["openid"])
            let again = try #require(
                try await world.authorization.issueCode(
                    for: try await world.application("portal"), authorization: try World.pending(scope: scope),
                    session: finished.session, user: nil, maximumAge: nil, isActivity: true, origin: World.origin))
            #expect(try await world.redeem(again)?.scope == ["openid"])
            let insisting = try await world.authorization.issueCode(
                for: try await world.application("portal"), authorization: try World.pending(),
                session: finished.session, user: nil, maximumAge: nil, assurances: [.multiFactor], isActivity: true,
                origin: World.origin)
            #expect(insisting == nil)
        }
    }

    @Test("An application that insists on two factors gets no code, and the user is told until when")
    func insisting() async throws {
        try await World.with(.sqlite) { world in
            let (card, until) = try await world.limitedCard()
            let ticket = try await world.granted(with: card, try Self.insisting())
            #expect(
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
            #expect(try await world.login.view(ticket).limit == until)
            #expect(try await world.audit(of: ticket.id).contains("login.refused failure weaker_factor"))
            #expect(try await world.dump()["session"].count { $0["ended_at"] == .null } == 1, "the one that activated")
            let full = try await world.granted(with: try await world.cardID("0001"), try Self.insisting())
            #expect(try await world.login.view(full).limit == nil)
            #expect(
                try await world.login.finish(full, device: nil, replacing: nil, origin: World.origin) != nil,
                "the user's other card is what it was")
        }
    }

    private static func insisting() throws -> PendingAuthorization {
        let usual = try World.pending()
        return PendingAuthorization(
            redirectURI: usual.redirectURI, scope: usual.scope, state: nil, nonce: nil,
            codeChallenge: usual.codeChallenge, loginHint: nil, uiLocales: [], query: "", assurances: [.multiFactor])
    }

    @Test("A stronger session does not go on by it, with what applications got there", arguments: StoreKind.allCases)
    func noRenewal(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, _) = try await world.limitedCard()
            let full = try #require(try await world.finish(with: try await world.cardID("0001"), try World.pending()))
            let token = try #require(try await world.redeem(full.code)).accessToken
            let secret = try await world.enter(with: card, replacing: full.session)
            #expect(try await world.authorization.userInformation(token) == nil)
            // A limited one goes on by another limited proof, and by a full one.
            let limited = try await world.account.admit(secret, to: .view).session.id
            let again = try await world.enter(with: card, replacing: secret)
            #expect(try await world.account.admit(again, to: .view).session.id == limited)
            let strong = try await world.enter(with: try await world.cardID("0001"), replacing: again)
            #expect(try await world.account.admit(strong, to: .change).session.id == limited)
        }
    }

    @Test("After 72 hours a login with it is a full one", arguments: StoreKind.allCases)
    func afterwards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, until) = try await world.limitedCard()
            world.clock.advance(.hours(72) + .milliseconds(-1))
            let before = try await world.enter(with: card)
            world.clock.advance(.milliseconds(1))
            #expect(world.clock.now() == until)
            let user = try await world.user("alice")
            await #expect(throws: FlowError.notPermitted(.needsFreshSecondFactor, user)) {
                _ = try await world.account.admit(before, to: .change)
            }
            let after = try await world.enter(with: card, replacing: before)
            #expect(try await world.account.admit(after, to: .change).session.authentication.assurance == .multiFactor)
        }
    }

    @Test("The factor check states the lower class", arguments: StoreKind.allCases)
    func factorCheck(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (card, until) = try await world.limitedCard()
            let backend = try await world.application("backend")
            let start = try await world.factorCheck.start(
                try UserName("alice"), authenticator: card, for: backend, origin: World.origin)
            guard case .started(let ticket, let view) = start else { throw Missing(what: "a factor check") }
            let response = try Self.card.response(to: try #require(view.challenge))
            let answer = try await world.factorCheck.respond(
                to: ticket, with: response, of: backend, origin: World.origin)
            let granted = try #require(answer.granted)
            #expect(granted.limitedUntil == until && Authentication(granted).assurance == .singleFactor)
        }
    }
}

extension World {
    /// A card of alice that a password alone activated just now, and the end of its limits.
    fileprivate func limitedCard() async throws -> (AuthenticatorID, until: Instant) {
        let id = try await self.shipped(LimitedCardTests.card, to: try await self.session())
        _ = try await self.activate(id, LimitedCardTests.card, by: try await self.passwordSession()).done()
        return (id, self.clock.now() + .hours(72))
    }

    fileprivate func cardID(_ label: String) async throws -> AuthenticatorID {
        let cards = try await self.cards.cards(of: try await self.user("alice"))
        guard let card = cards.first(where: { $0.card.label == label }) else { throw Missing(what: label) }
        return card.card.id
    }

    fileprivate func session(choosing label: String) async throws -> Session {
        let secret = try await self.enter(with: try await self.cardID(label))
        return try await self.account.admit(secret, to: .view).session
    }

    private func answer(_ ticket: LoginTicket, _ id: AuthenticatorID) async throws {
        _ = try await self.submit(ticket)
        let view = try await self.login.choose(id, for: ticket, origin: World.origin)
        guard let challenge = view.challenge else { throw Missing(what: "a challenge") }
        let card = try await self.cardID("0001") == id ? Firm.alice : LimitedCardTests.card
        _ = try await self.respond(ticket, try card.response(to: challenge))
    }

    fileprivate func granted(
        with id: AuthenticatorID, _ authorization: PendingAuthorization
    ) async throws -> LoginTicket {
        let ticket = try await self.login.start(
            for: try await self.application("portal"), purpose: .authorization(authorization), origin: World.origin)
        try await self.answer(ticket, id)
        return ticket
    }

    fileprivate func finish(
        with id: AuthenticatorID, _ authorization: PendingAuthorization
    ) async throws -> FinishedLogin? {
        let ticket = try await self.granted(with: id, authorization)
        return try await self.login.finish(ticket, device: nil, replacing: nil, origin: World.origin)
    }

    fileprivate func enter(
        with id: AuthenticatorID, replacing earlier: SecretToken? = nil
    ) async throws -> SecretToken {
        let ticket = try await self.account.start(AccountVisit(returnTo: "/account"), origin: World.origin)
        try await self.answer(ticket, id)
        let end = try await self.account.finish(ticket, device: nil, replacing: earlier, origin: World.origin)
        guard case .entered(let secret, _, _) = end else { throw Missing(what: "a login") }
        return secret
    }
}
