import Authenticators
import Flows
import Identifiers
import Identity
import Login
import Outbox
import PhoneNumbers
import SQL
import Sessions
import TestWorld
import Testing
import Time

/// Who can use a card changes nothing by a code that went to his number.
@Suite("A code by text beside a card")
struct StrongerFactorTests {
    private func with(_ kind: StoreKind, _ body: (World, AuthenticatorID) async throws -> Void) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        try await World.with(kind, limits: limits) { world in
            try await body(world, try await world.bindPhone(to: "alice"))
        }
    }

    @Test("It opens the account, and changes nothing there", arguments: StoreKind.allCases)
    func changesNothing(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let secret = try await world.enterByCode(phone)
            let visitor = try await world.account.admit(secret, to: .view)
            let (alice, card) = (visitor.user.id, try await world.firstCard("alice"))
            try await world.addStock([TestCard(serial: "CS-200001", byte: 21)])
            let needed = FlowError.notPermitted(.needsStrongerFactor, alice)
            let before = try await world.dump()
            for access in [AccountAccess.change, .pinChange] {
                await #expect(throws: needed) { try await world.account.admit(secret, to: access) }
            }
            let typed = TypedPasswordChange(
                old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
            await #expect(throws: needed) {
                try await world.account.changePassword(typed, in: secret, origin: World.origin)
            }
            await #expect(throws: needed) {
                try await world.account.changeAddress("1 Other Road", in: secret, origin: World.origin)
            }
            let phones = PhoneFlow(account: world.account)
            let number = try PhoneNumber(stored: "+447400123456")
            await #expect(throws: needed) { try await phones.begin(number, secret, origin: World.origin) }
            await #expect(throws: needed) { try await phones.remove(phone, secret, origin: World.origin) }
            #expect(try await world.dump() == before)
            #expect(try await world.order(by: visitor.session).refusal == .strongerFactorNeeded)
            let step = try await world.cards.startPINChange(of: card, by: visitor.session, origin: World.origin)
            #expect(step.refusal == .strongerFactorNeeded)
            #expect(try await world.audit().contains("card.ordered failure weaker_factor"))
        }
    }

    @Test(
        "What stands in the way is a card that gives a full proof, blocked by wrong answers or not",
        arguments: StoreKind.allCases,
        [
            ("UPDATE authenticator SET blocked_until = 9999999999999, failures = 9 WHERE kind = 'security_card'", true),
            ("UPDATE security_card SET pin_must_change = 1", true),
            ("UPDATE authenticator SET status = 'lost' WHERE kind = 'security_card'", false),
            ("UPDATE authenticator SET status = 'blocked' WHERE kind = 'security_card'", false),
            ("UPDATE authenticator SET status = 'shipped' WHERE kind = 'security_card'", false),
            ("UPDATE authenticator SET usable_until = 1767225600000 WHERE kind = 'security_card'", false),
            ("UPDATE authenticator SET usable_from = 9999999999999 WHERE kind = 'security_card'", false),
            ("UPDATE security_card SET limited_until = 9999999999999, bound_by = 'restricted_factor'", false),
            ("UPDATE security_card SET limited_until = 9999999999999, bound_by = 'single_factor'", false),
            // As the staff leave one whose PIN they set.
            ("UPDATE security_card SET limited_until = 9999999999999", true),
            ("UPDATE security_card SET limited_until = 9999999999999, bound_by = 'multi_factor'", true),
            ("UPDATE security_card SET limited_until = 1767225600000", true),
        ] as [(SQLStatement, Bool)])
    func whichCards(kind: StoreKind, row: (statement: SQLStatement, isInTheWay: Bool)) async throws {
        try await self.with(kind) { world, phone in
            let secret = try await world.enterByCode(phone)
            try await world.execute(row.statement)
            let refusal: AccountRefusal?
            do {
                _ = try await world.account.admit(secret, to: .change)
                refusal = nil
            } catch FlowError.notPermitted(let why, _) {
                refusal = why
            }
            #expect(refusal == (row.isInTheWay ? .needsStrongerFactor : nil))
        }
    }

    @Test("He proves himself anew: the card alone is offered, and then he may", arguments: StoreKind.allCases)
    func provesAnew(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let earlier = try await world.enterByCode(phone)
            let alice = try await world.user("alice")
            world.clock.advance(.minutes(3))
            let sent = try await world.messages().count
            let visit = AccountVisit(returnTo: "/account/password", user: alice)
            let ticket = try await world.account.start(visit, origin: World.origin)
            let view = try await world.submit(ticket)
            #expect(view.authenticators.map(\.kind) == [.securityCard])
            let chosen = try await world.login.choose(phone, for: ticket, origin: World.origin)
            #expect(chosen.notice == .notOneOfTheUsers)
            #expect(try await world.messages().count == sent)
            _ = try await world.respond(ticket, try Firm.alice.response(to: try #require(view.challenge)))
            let end = try await world.account.finish(
                ticket, device: nil, replacing: earlier, origin: World.origin)
            guard case .entered(let secret, _, "/account/password") = end else { throw Missing(what: "a session") }
            _ = try await world.account.admit(secret, to: .change)
            #expect(
                try await world.account.changeAddress("1 Other Road", in: secret, origin: World.origin) == .changed)
        }
    }

    @Test("A card that is lost meanwhile leaves the number", arguments: StoreKind.allCases)
    func lostMeanwhile(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let visit = AccountVisit(returnTo: "/account", user: try await world.user("alice"))
            let ticket = try await world.account.start(visit, origin: World.origin)
            try await world.execute("UPDATE authenticator SET status = 'lost' WHERE kind = 'security_card'")
            let view = try await world.submit(ticket)
            #expect(view.authenticators.map(\.id) == [phone] && view.state.code?.sent == [.text])
        }
    }

    @Test("Who has a number alone is asked it, and may", arguments: StoreKind.allCases)
    func numberAlone(kind: StoreKind) async throws {
        try await self.with(kind) { world, _ in
            let phone = try await world.bindPhone("+85261234567", to: "carol")
            let visit = AccountVisit(returnTo: "/account", user: try await world.user("carol"))
            let ticket = try await world.account.start(visit, origin: World.origin)
            let view = try await world.submit(ticket, "carol")
            #expect(view.authenticators.map(\.id) == [phone] && view.state.code?.sent == [.text])
            let secret = try await world.finishByCode(ticket)
            let visitor = try await world.account.admit(secret, to: .change)
            try await world.addStock([TestCard(serial: "CS-200001", byte: 21)])
            #expect(try await world.order(by: visitor.session).refusal == nil)
        }
    }
}

extension World {
    fileprivate func firstCard(_ name: String) async throws -> AuthenticatorID {
        guard let card = try await self.cards.cards(of: try await self.user(name)).first else {
            throw Missing(what: "a card")
        }
        return card.card.id
    }

    /// A session of alice on the account's pages, by password and a code that went to her number.
    fileprivate func enterByCode(_ phone: AuthenticatorID) async throws -> SecretToken {
        let ticket = try await self.account.start(AccountVisit(returnTo: "/account"), origin: Self.origin)
        _ = try await self.submit(ticket)
        _ = try await self.login.choose(phone, for: ticket, origin: Self.origin)
        return try await self.finishByCode(ticket)
    }

    fileprivate func finishByCode(_ ticket: LoginTicket) async throws -> SecretToken {
        guard let code = try await self.messages().last?.body.code else { throw Missing(what: "a code") }
        _ = try await self.respond(ticket, code)
        let end = try await self.account.finish(ticket, device: nil, replacing: nil, origin: Self.origin)
        guard case .entered(let secret, _, _) = end else { throw Missing(what: "a session") }
        return secret
    }
}
