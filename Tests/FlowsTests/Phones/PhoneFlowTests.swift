import Authenticators
import Flows
import Identifiers
import Identity
import Outbox
import PhoneNumbers
import SQL
import Sessions
import TestWorld
import Testing
import Time

/// A telephone number in self-service: verified by a code, changed, removed.
@Suite struct PhoneFlowTests {
    private struct Desk {
        let world: World
        let flow: PhoneFlow
        let secret: SecretToken
    }

    /// Alice is logged in with her card.
    private func with(_ kind: StoreKind, _ body: (Desk) async throws -> Void) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        try await World.with(kind, limits: limits, notices: NoticePlan(channels: [.text])) { world in
            let finished = try await world.logIn()
            try await body(Desk(world: world, flow: PhoneFlow(account: world.account), secret: finished.session))
        }
    }

    private static let number = "+85251234567"
    private static let other = "+447400123456"

    private func begin(_ desk: Desk, _ number: String = Self.number) async throws -> (ChallengeID, String) {
        desk.world.clock.advance(.seconds(1))  // what happens in one millisecond has no order
        let view = try await desk.flow.begin(try PhoneNumber(stored: number), desk.secret, origin: World.origin)
        let code = try #require(try await desk.world.messages().last?.body.code)
        return (view.challenge.id, code)
    }

    private func confirm(_ desk: Desk, _ id: ChallengeID, _ typed: String) async throws -> NumberCheckEnd {
        desk.world.clock.advance(.seconds(1))
        return try await desk.flow.confirm(id, typed: typed, desk.secret, origin: World.origin)
    }

    private func wrong(_ code: String) -> String { code == "000000" ? "111111" : "000000" }

    @Test("The code makes the number the user's, who is told, and it logs him in", arguments: StoreKind.allCases)
    func added(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            guard case .bound = try await self.confirm(desk, id, code) else { throw Missing(what: "a bound number") }
            let overview = try await desk.flow.overview(desk.secret)
            #expect(overview.numbers.map(\.number.e164) == [Self.number] && !overview.isOnlyFactor)
            #expect(overview.numbers[0].binding.limitedUntil == nil)
            #expect(try await desk.world.notices("alice").first?.kind == .phoneNumberAdded)
            // Once is enough.
            guard case .over = try await self.confirm(desk, id, code) else { throw Missing(what: "a spent code") }
            let view = try await desk.world.submit(try await desk.world.start(), "alice")
            #expect(view.authenticators.map(\.kind) == [.securityCard, .phoneNumber])
        }
    }

    @Test("Five wrong codes end the attempt", arguments: StoreKind.allCases)
    func wrongCodes(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            for left in [4, 3, 2, 1] {
                guard case .wrong(_, left, isOlderCode: false) = try await self.confirm(desk, id, self.wrong(code))
                else {
                    throw Missing(what: "a wrong code")
                }
            }
            guard case .over = try await self.confirm(desk, id, self.wrong(code)) else {
                throw Missing(what: "the end")
            }
            #expect(try await desk.world.dump()["number_check"].isEmpty, "erased with its code")
            guard case .over = try await self.confirm(desk, id, code) else { throw Missing(what: "the end") }
            #expect(try await desk.flow.overview(desk.secret).numbers.isEmpty)
        }
    }

    @Test(
        "What waits to go out for an attempt that is over is taken back and erased; another attempt's goes",
        arguments: StoreKind.allCases, [true, false])
    func withdrawn(kind: StoreKind, isRight: Bool) async throws {
        try await self.with(kind) { desk in
            _ = try await self.begin(desk, Self.other)
            let (id, code) = try await self.begin(desk)
            _ = try await desk.flow.sendAgain(by: .voice, for: id, desk.secret, origin: World.origin)
            let codes = { try await desk.world.messages().filter { $0.body.code != nil }.map(\.body.recipient) }
            if isRight {
                _ = try await self.confirm(desk, id, code)
            } else {
                for _ in 1...4 { _ = try await self.confirm(desk, id, self.wrong(code)) }
                #expect(try await codes() == [Self.other, Self.number, Self.number], "it may yet be typed right")
                _ = try await self.confirm(desk, id, self.wrong(code))
            }
            #expect(try await codes() == [Self.other])
            let states = try await desk.world.dump()["outbox"].filter { $0["template"] == .text("number_code") }
                .map { $0["state"] }
            #expect(states.count { $0 == .text("withdrawn") } == 2 && states.count == 3)
        }
    }

    @Test("Of 20 right codes at once one binds", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...20 { group.addTask { _ = try await self.confirm(desk, id, code) } }
                try await group.waitForAll()
            }
            #expect(try await desk.flow.overview(desk.secret).numbers.count == 1)
        }
    }

    @Test(
        "Another number takes the first one's place: the old one is told, the new one waits",
        arguments: StoreKind.allCases)
    func changed(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (first, code) = try await self.begin(desk)
            _ = try await self.confirm(desk, first, code)
            let (second, newCode) = try await self.begin(desk, Self.other)
            _ = try await self.confirm(desk, second, newCode)
            let numbers = try await desk.flow.overview(desk.secret).numbers.filter(\.isActive)
            #expect(numbers.map(\.number.e164) == [Self.other])
            #expect(numbers[0].binding.limitedUntil == desk.world.clock.now() + .hours(72))
            let last = try #require(try await desk.world.messages().last)
            #expect(last.body.recipient == Self.number && last.body.notice == .phoneNumberRemoved)
            #expect(last.body.code == nil)
            let kinds = try await desk.world.notices("alice").prefix(2).map(\.kind)
            #expect(Set(kinds) == [.phoneNumberAdded, .phoneNumberRemoved])
        }
    }

    @Test(
        "Who removes the first one before he adds another does not get round the wait, and is told so",
        arguments: StoreKind.allCases, [Span.hours(71), .hours(73)])
    func removedBefore(kind: StoreKind, after: Span) async throws {
        try await self.with(kind) { first in
            let (id, code) = try await self.begin(first)
            #expect(try await first.flow.overview(first.secret).willWait == false)
            _ = try await self.confirm(first, id, code)
            let phone = try #require(try await first.flow.overview(first.secret).numbers.first)
            #expect(try await first.flow.remove(phone.summary.id, first.secret, origin: World.origin) == .removed)
            first.world.clock.advance(after)
            let again = try await first.world.logIn().session
            let desk = Desk(world: first.world, flow: first.flow, secret: again)
            let waits = after < .hours(72)
            #expect(try await desk.flow.overview(again).willWait == waits)
            let (second, newCode) = try await self.begin(desk, Self.other)
            _ = try await self.confirm(desk, second, newCode)
            let number = try #require(try await desk.flow.overview(again).numbers.last)
            let end = desk.world.clock.now() + .hours(72)
            #expect(number.number.e164 == Self.other && number.binding.limitedUntil == (waits ? end : nil))
        }
    }

    @Test("One that was disabled is replaced like any other", arguments: StoreKind.allCases)
    func disabledBefore(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            _ = try await self.confirm(desk, id, code)
            try await desk.world.execute("UPDATE authenticator SET status = 'disabled' WHERE kind = 'phone_number'")
            #expect(try await desk.flow.overview(desk.secret).willWait)
            let (second, newCode) = try await self.begin(desk, Self.other)
            _ = try await self.confirm(desk, second, newCode)
            let number = try #require(try await desk.flow.overview(desk.secret).numbers.last)
            #expect(number.binding.limitedUntil == desk.world.clock.now() + .hours(72))
        }
    }

    @Test("Whether somebody else has the number is not told", arguments: StoreKind.allCases)
    func taken(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            try await desk.world.bindPhone(Self.number, to: "carol")
            let (id, code) = try await self.begin(desk)
            guard case .bound = try await self.confirm(desk, id, code) else { throw Missing(what: "a bound number") }
        }
    }

    @Test("Codes to a number are counted before they go, whoever asks", arguments: StoreKind.allCases)
    func budget(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, _) = try await self.begin(desk)
            let again = try await desk.flow.sendAgain(by: .text, for: id, desk.secret, origin: World.origin)
            #expect(again?.refusal == .tooSoon(until: desk.world.clock.now() + .minutes(2)))
            let call = try await desk.flow.sendAgain(by: .voice, for: id, desk.secret, origin: World.origin)
            #expect(call?.refusal == nil)
            let codes = try await desk.world.messages().compactMap { $0.body.code }
            #expect(codes.count == 2 && codes[0] == codes[1])
            let second = try await desk.flow.begin(
                try PhoneNumber(stored: Self.number), desk.secret, origin: World.origin)
            #expect(second.challenge.sent == [] && second.refusal != nil)
        }
    }

    @Test("It needs a fresh second factor, and this session's own attempt", arguments: StoreKind.allCases)
    func guarded(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            let stranger = try await desk.world.logIn("dave", card: Firm.dave)
            guard
                case .over = try await desk.flow.confirm(id, typed: code, stranger.session, origin: World.origin)
            else { throw Missing(what: "a refusal") }
            await #expect(throws: FlowError.notLoggedIn) {
                try await desk.flow.confirm(id, typed: code, nil, origin: World.origin)
            }
            desk.world.clock.advance(.minutes(5))
            await #expect(throws: FlowError.self) { try await self.confirm(desk, id, code) }
            #expect(try await desk.world.dump()["phone_number"].isEmpty)
        }
    }

    @Test("A number is removed unless it is all that there is", arguments: StoreKind.allCases)
    func removed(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await self.begin(desk)
            _ = try await self.confirm(desk, id, code)
            let phone = try #require(try await desk.flow.overview(desk.secret).numbers.first)
            try await desk.world.execute("UPDATE authenticator SET status = 'blocked' WHERE kind = 'security_card'")
            let only = try await desk.flow.remove(phone.summary.id, desk.secret, origin: World.origin)
            #expect(only == .onlyFactor)
            try await desk.world.execute("UPDATE authenticator SET status = 'active' WHERE kind = 'security_card'")
            desk.world.clock.advance(.seconds(1))
            #expect(try await desk.flow.remove(phone.summary.id, desk.secret, origin: World.origin) == .removed)
            #expect(try await desk.flow.remove(phone.summary.id, desk.secret, origin: World.origin) == .noSuchNumber)
            #expect(try await desk.world.notices("alice").first?.kind == .phoneNumberRemoved)
        }
    }

    @Test("What cannot be a code is not counted", arguments: ["", "12345", "abcdef"])
    func malformed(typed: String) async throws {
        try await self.with(.sqlite) { desk in
            let (id, _) = try await self.begin(desk)
            guard case .again = try await self.confirm(desk, id, typed) else { throw Missing(what: "another try") }
            #expect(try await desk.world.dump()["number_check"].first?["failures"] == .integer(0))
        }
    }
}
