import Authenticators
import Channels
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

/// Key 9 at a call: whoever received a code says that he did not ask for it.
@Suite("A code that nobody asked for")
struct DisownTests {
    private static let alarm = "login.disowned failure not_requested"
    private static let numberAlarm = "phone_number.checked failure not_requested"

    private func with(_ kind: StoreKind, _ body: (World, OutboxFlow) async throws -> Void) async throws {
        try await CodeLoginTests.with(kind) { world in
            let login = world.login
            let flow = try world.outbox("line") { try login.disown($1, in: $0, at: $2) }
            try await body(world, flow)
        }
    }

    /// Whatever waits is taken by the provider.
    private func handOver(_ flow: OutboxFlow, by channel: MessageChannel = .text, as name: String = "r1") async throws {
        let claimed = try #require(try await flow.claim(by: channel, most: 1, for: flow.newWorker()).messages.first)
        #expect(try await flow.finish(claimed, with: .accepted(reference: name)) == .sent)
    }

    /// He presses 9, and the provider says so twice.
    private func press9(_ flow: OutboxFlow, _ name: String = "r1") async throws {
        let report = DeliveryReport(reference: name, progress: .notRequested)
        for _ in 1...2 { #expect(try await flow.report(report, by: "line") == .taken) }
    }

    /// A login of carol whose code the provider has.
    private func asked(_ world: World, _ flow: OutboxFlow) async throws -> LoginTicket {
        let ticket = try await world.start()
        #expect(try await world.submit(ticket, "carol").state.code?.sent == [.text])
        try await self.handOver(flow)
        return ticket
    }

    /// The firm and carol hear of it, once.
    private func expectTold(_ world: World, _ login: LoginID) async throws {
        #expect(try await world.audit(of: login).filter { $0 == Self.alarm }.count == 1)
        #expect(try await world.notices("carol").filter { $0.kind == .loginDisowned }.count == 1)
    }

    @Test("While the login waits for the code it ends", arguments: StoreKind.allCases)
    func waiting(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.asked(world, flow)
            try await self.press9(flow)
            #expect(try await world.login.view(ticket).refusal == .disowned)
            #expect(try await world.dump()["login_code"].isEmpty)
            try await self.expectTold(world, ticket.id)
        }
    }

    @Test("After whoever knows the password has cancelled", arguments: StoreKind.allCases)
    func cancelled(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.asked(world, flow)
            _ = try await world.login.cancel(ticket, origin: World.origin)
            try await self.press9(flow)
            #expect(try await world.login.view(ticket).refusal == .cancelled)
            try await self.expectTold(world, ticket.id)
        }
    }

    @Test("After its time was up", arguments: StoreKind.allCases, [Login.lifetime, .hours(3)])
    func expired(kind: StoreKind, after: Span) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.asked(world, flow)
            world.clock.advance(after)
            if after > Login.lifetime { _ = try await Janitor(environment: world.environment).clean() }
            try await self.press9(flow)
            if after == Login.lifetime { #expect(try await world.login.view(ticket).refusal == .disowned) }
            try await self.expectTold(world, ticket.id)
        }
    }

    /// A login whose code arrived and was typed.
    private func granted(_ world: World, _ flow: OutboxFlow) async throws -> LoginTicket {
        let ticket = try await world.start()
        _ = try await world.submit(ticket, "carol")
        let code = try #require(try await world.messages().first?.body.code)
        try await self.handOver(flow)
        #expect(try await world.respond(ticket, code).isGranted)
        return ticket
    }

    @Test("Once the code was typed the grant is taken back", arguments: StoreKind.allCases)
    func granted(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.granted(world, flow)
            try await self.press9(flow)
            #expect(try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
            try await self.expectTold(world, ticket.id)
        }
    }

    @Test("Once it led to a session, all that its user has open ends", arguments: StoreKind.allCases)
    func finished(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.granted(world, flow)
            let finished = try #require(
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin))
            let tokens = try #require(try await world.redeem(finished.code))
            world.clock.advance(.minutes(2))
            let other = try await world.start()
            _ = try await world.submit(other, "carol")
            try await self.press9(flow)
            #expect(try await world.authorization.userInformation(tokens.accessToken) == nil)
            #expect(try await world.dump()["session"].allSatisfy { $0["ended_at"] != SQLValue.null })
            #expect(try await world.login.view(other).refusal == .cancelled)
            #expect(try await world.audit(of: ticket.id).contains("session.ended success not_requested"))
            try await self.expectTold(world, ticket.id)
        }
    }

    @Test("Also where that session has ended all the others of its user first", arguments: StoreKind.allCases)
    func kept(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            try await world.execute("DELETE FROM phone_number")
            try await world.execute("DELETE FROM authenticator WHERE kind = 'phone_number'")
            let number = try await world.bindPhone(to: "alice")
            let ticket = try await world.start()
            _ = try await world.submit(ticket)
            _ = try await world.login.choose(number, for: ticket, origin: World.origin)
            let code = try #require(try await world.messages().first?.body.code)
            try await self.handOver(flow)
            _ = try await world.respond(ticket, code)
            let finished = try #require(
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin))
            let session = try #require(try await world.authorization.session(finished.session)).0
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            _ = try await world.cards.block(card, by: .user(session), origin: World.origin).get()
            #expect(try await world.authorization.session(finished.session) != nil, "it goes on")
            try await self.press9(flow)
            #expect(try await world.dump()["session"].allSatisfy { $0["ended_at"] != SQLValue.null })
            #expect(try await world.audit(of: ticket.id).contains("session.ended success not_requested"))
        }
    }

    @Test("Said of the text and of the call of one login, it is one alarm", arguments: StoreKind.allCases)
    func both(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.asked(world, flow)
            _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            let login = world.login
            let calls = OutboxFlow(
                environment: world.environment,
                routes: try DeliveryRoutes([DeliveryProvider(name: "line", channel: .voice)])
            ) { try login.disown($1, in: $0, at: $2) }
            try await self.handOver(calls, by: .voice, as: "r2")
            for name in ["r1", "r2"] { try await self.press9(flow, name) }
            try await self.expectTold(world, ticket.id)
            #expect(try await world.audit(of: ticket.id).filter { $0 == "message.disowned failure" }.count == 2)
        }
    }

    @Test("Of two reports at once one is heard", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let ticket = try await self.asked(world, flow)
            _ = try await world.login.cancel(ticket, origin: World.origin)
            _ = try await atOnce(20) { _ in
                _ = try await flow.report(DeliveryReport(reference: "r1", progress: .notRequested), by: "line")
            }
            try await self.expectTold(world, ticket.id)
        }
    }

    @Test("Of a number that is being verified the attempt is over", arguments: StoreKind.allCases)
    func number(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let phones = PhoneFlow(account: world.account)
            let secret = try await world.logIn().session
            let view = try await phones.begin(
                try PhoneNumber(stored: "+447400123456"), secret, origin: World.origin)
            let code = try #require(try await world.messages().last?.body.code)
            try await self.handOver(flow)
            _ = try await phones.sendAgain(by: .voice, for: view.challenge.id, secret, origin: World.origin)
            #expect(try await world.messages().last?.body.code == code)
            try await self.press9(flow)
            #expect(try await world.messages().allSatisfy { $0.body.code == nil }, "nothing rings any more")
            #expect(try await world.audit().filter { $0 == Self.numberAlarm }.count == 1)
            guard
                case .over = try await phones.confirm(
                    view.challenge.id, typed: code, secret, origin: World.origin)
            else { throw Missing(what: "the end") }
            #expect(try await world.dump()["number_check"].isEmpty)
            #expect(try await world.dump()["phone_number"].count == 1, "carol's")
        }
    }

    @Test("Of one that is verified already the firm hears all the same", arguments: StoreKind.allCases)
    func boundNumber(kind: StoreKind) async throws {
        try await self.with(kind) { world, flow in
            let phones = PhoneFlow(account: world.account)
            let secret = try await world.logIn().session
            let view = try await phones.begin(
                try PhoneNumber(stored: "+447400123456"), secret, origin: World.origin)
            let code = try #require(try await world.messages().last?.body.code)
            try await self.handOver(flow)
            _ = try await phones.confirm(view.challenge.id, typed: code, secret, origin: World.origin)
            try await self.press9(flow)
            #expect(try await world.audit().filter { $0 == Self.numberAlarm }.count == 1)
        }
    }
}
