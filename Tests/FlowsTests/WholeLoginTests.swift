import Authenticators
import Flows
import Identifiers
import Identity
import Login
import Sessions
import TestWorld
import Testing
import Time

@Suite("A whole login")
struct WholeLoginTests {
    @Test("Password, card, session, code, token, user information", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let started = world.clock.now()
            world.clock.advance(.seconds(5))
            let redeemed = try #require(try await world.redeem(finished.code))
            #expect(redeemed.user.name.text == "alice")
            #expect(redeemed.nonce == "nonce-1")
            #expect(redeemed.authentication.at == started)
            #expect(
                redeemed.authentication.methods == [.password, .oneTimePassword, .pin, .multiFactor])
            let information = try await world.authorization.userInformation(redeemed.accessToken)
            #expect(information?.user.email == "alice@example.com")
            #expect(information?.scope == ["openid", "profile", "email"])
            #expect(try await world.authorization.session(finished.session)?.user.name.text == "alice")
        }
    }

    @Test("The audit trail has each step in order", arguments: StoreKind.allCases)
    func audit(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            world.clock.advance(.seconds(1))
            _ = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            world.clock.advance(.seconds(1))
            _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
            world.clock.advance(.seconds(1))
            _ = try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin)
            let trail = try await world.audit(of: ticket.id)
            let steps = [
                ["password.checked success", "challenge.issued information"],
                ["response.checked failure wrong_response"],
                ["response.checked success", "login.granted success"],
                [
                    "login.finished success", "session.started success", "device.remembered success",
                    "authorization_code.issued success",
                ],
            ]
            // Entries of one step bear the same time, and stand in no order among themselves.
            #expect(trail.count == steps.joined().count)
            var rest = trail[...]
            for step in steps {
                #expect(Set(rest.prefix(step.count)) == Set(step))
                rest = rest.dropFirst(step.count)
            }
        }
    }

    @Test("With two cards the user chooses, and may choose another", arguments: StoreKind.allCases)
    func another(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.start()
            let view = try await world.submit(ticket, "bob")
            #expect(view.authenticators.map(\.label).sorted() == ["0002", "0003"])
            #expect(view.challenge == nil)
            let cards = view.authenticators
            let first = try await world.login.choose(cards[0].id, for: ticket, origin: World.origin)
            #expect(first.challenge?.count == (cards[0].label == "0002" ? 6 : 8))
            let back = try await world.login.chooseAnother(ticket, origin: World.origin)
            #expect(back.challenge == nil && back.authenticators == cards)
            let second = try await world.login.choose(cards[1].id, for: ticket, origin: World.origin)
            let card = try #require(Firm.bob.first { $0.serial.hasSuffix(cards[1].label) })
            let response = try card.response(to: try #require(second.challenge))
            #expect(try await world.respond(ticket, response).isGranted)
        }
    }

    @Test("Somebody else's card cannot be chosen", arguments: StoreKind.allCases)
    func foreignCard(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let alices = try await world.submit(try await world.start()).authenticators[0].id
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "bob")
            let view = try await world.login.choose(alices, for: ticket, origin: World.origin)
            #expect(view.notice == .notOneOfTheUsers)
            #expect(view.challenge == nil)
        }
    }

    @Test("A user without an authenticator is told so after the right password", arguments: StoreKind.allCases)
    func noAuthenticator(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.start()
            #expect(try await world.submit(ticket, "carol", "wrong password").notice == .wrongCredentials)
            #expect(try await world.submit(ticket, "carol").refusal == .noAuthenticator)
        }
    }

    @Test("A cancelled login opens nothing", arguments: StoreKind.allCases)
    func cancel(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            #expect(try await world.login.cancel(ticket, origin: World.origin).refusal == .cancelled)
            #expect(try await world.respond(ticket, try Firm.alice.response(to: challenge)).refusal == .cancelled)
            #expect(try await world.submit(ticket).notice == .movedOn)
            #expect(try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
        }
    }

    @Test("Of 50 finishes at once one hands out a session", arguments: StoreKind.allCases)
    func finishOnce(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
            let finished = try await atOnce(50) { _ in
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) != nil
            }
            #expect(finished.count { $0 } == 1)
            #expect(try await world.dump()["session"].count == 1)
            #expect(try await world.dump()["authorization_code"].count == 1)
        }
    }

    @Test("A login is over 10 minutes after its start, at every step", arguments: StoreKind.allCases)
    func deadline(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let password = try await world.start()
            let choosing = try await world.start()
            let card = try #require(try await world.submit(choosing, "bob").authenticators.first)
            world.clock.advance(.minutes(10) + .milliseconds(-1))
            #expect(try await world.login.view(password).refusal == nil)
            let (granted, challenge) = try await world.challenged()
            _ = try await world.respond(granted, try Firm.alice.response(to: challenge))
            world.clock.advance(.milliseconds(1))
            #expect(try await world.login.view(password).refusal == .expired)
            #expect(try await world.submit(password).refusal == .expired)
            #expect(try await world.login.choose(card.id, for: choosing, origin: World.origin).refusal == .expired)
            world.clock.advance(.minutes(10))
            #expect(try await world.login.finish(granted, device: nil, replacing: nil, origin: World.origin) == nil)
            #expect(try await world.dump()["session"].isEmpty)
        }
    }

    @Test("Without its secret a login's id opens no step", arguments: StoreKind.allCases)
    func secret(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            let other = try await world.start()
            let response = try Firm.alice.response(to: challenge)
            let card = try await world.login.view(ticket).authenticators[0].id
            let before = try await world.dump()
            let backend = try await world.application("backend")
            for secret in [other.secret, SecretToken(random: [UInt8](repeating: 0, count: 32))] {
                let stolen = LoginTicket(id: ticket.id, secret: secret)
                let steps: [@Sendable () async throws -> Void] = [
                    { _ = try await world.login.view(stolen) },
                    { _ = try await world.submit(stolen) },
                    { _ = try await world.submit(stolen, "") },
                    { _ = try await world.respond(stolen, response) },
                    { _ = try await world.respond(stolen, "") },
                    { _ = try await world.login.choose(card, for: stolen, origin: World.origin) },
                    { _ = try await world.login.chooseAnother(stolen, origin: World.origin) },
                    { _ = try await world.login.cancel(stolen, origin: World.origin) },
                    { _ = try await world.login.finish(stolen, device: nil, replacing: nil, origin: World.origin) },
                    { _ = try await world.factorCheck.view(stolen, for: backend) },
                    { _ = try await world.factorCheck.cancel(stolen, of: backend, origin: World.origin) },
                    {
                        _ = try await world.factorCheck.respond(
                            to: stolen, with: response, of: backend, origin: World.origin)
                    },
                ]
                for step in steps { await #expect(throws: FlowError.noSuchLogin) { try await step() } }
            }
            #expect(try await world.dump() == before)
            #expect(try await world.respond(ticket, response).isGranted)
        }
    }
}

extension Span {
    static func + (left: Span, right: Span) -> Span { Span(milliseconds: left.milliseconds + right.milliseconds) }
}
