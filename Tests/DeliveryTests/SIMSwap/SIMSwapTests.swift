import Authenticators
import Channels
import Delivery
import Encodings
import Flows
import HTTPTypes
import Identifiers
import Identity
import Logging
import Outbox
import PhoneNumbers
import SQL
import TestWorld
import Testing
import Time

/// A service of the operator is asked before a code goes to a number.
@Suite("SIM cards that were changed")
struct SIMSwapTests {
    private static var limits: LoginLimits {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        return limits
    }

    /// Carol has no card; she gets a number, and asks for a code.
    private static func with(
        _ kind: StoreKind, _ service: SIMSwapService?, _ acme: ScriptedChannel,
        _ body: (OutboxScene, LoginTicket) async throws -> Void
    ) async throws {
        try await World.with(kind, limits: self.limits) { world in
            try await world.bindPhone(to: "carol")
            let scene = try OutboxScene(world, ["acme": acme], simSwap: service)
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            _ = try await scene.worker.work()
            try await body(scene, ticket)
        }
    }

    private static func audit(_ scene: OutboxScene) async throws -> [String] {
        try await scene.world.audit().filter { $0.hasPrefix("sim_swap") }
    }

    @Test("Changed an hour ago: no code goes, the page, the user and the firm are told", arguments: StoreKind.allCases)
    func swapped(kind: StoreKind) async throws {
        try await SwapPeer.with(.init(body: #"{"swapped_at": "2025-12-31T23:00:00Z", "more": 1}"#)) { peer, service in
            let acme = ScriptedChannel()
            try await Self.with(kind, service, acme) { scene, ticket in
                #expect(acme.messages.isEmpty && peer.questions.count == 1)
                #expect(peer.questions[0].authorization == "Bearer \(SwapPeer.token)")
                #expect(
                    try JSONValue(parsing: peer.questions[0].body.utf8)
                        == ["number": .string(World.phone), "purpose": "login", "channel": "text"])
                let view = try await scene.world.login.view(ticket)
                #expect(view.delivery?.state == .failed && view.delivery?.keptBack == .simSwapped)
                #expect(try await Self.audit(scene) == ["sim_swap.checked failure sim_swapped"])
                #expect(try await scene.world.messages().isEmpty, "what it said is erased")
                #expect(try await scene.world.dump()["outbox"].map { $0["provider"] } == [.null])
                #expect(try await scene.world.notices("carol").map(\.kind) == [.codeWithheld])
                scene.world.clock.advance(.minutes(3))
                _ = try await scene.world.login.sendCode(by: .text, for: ticket, origin: World.origin)
                _ = try await scene.worker.work()
                #expect(peer.questions.count == 2 && acme.messages.isEmpty)
                #expect(try await scene.world.notices("carol").count == 1, "told once a day")
            }
        }
    }

    @Test(
        "Old enough, or never: the code goes",
        arguments: [
            "null", #""2025-12-29T00:00:00Z""#, #""2025-12-28T23:59:59.999Z""#, #""2001-01-01T00:00:00+08:00""#,
        ])
    func clear(swapped: String) async throws {
        try await SwapPeer.with(.init(body: "{\"swapped_at\": \(swapped)}")) { _, service in
            let acme = ScriptedChannel()
            try await Self.with(.sqlite, service, acme) { scene, _ in
                #expect(acme.messages.count == 1)
                let audit = try await Self.audit(scene)
                #expect(audit.isEmpty)
            }
        }
    }

    @Test(
        "Not old enough, by the operator's own measure; a time to come is a wrong clock",
        arguments: [
            ("2025-12-29T00:00:00.001Z", 72), ("2025-12-31T22:59:59Z", 2), ("2027-01-01T00:00:00Z", 72),
        ] as [(String, Int64)])
    func refused(swapped: String, hours: Int64) async throws {
        try await SwapPeer.with(.init(body: "{\"swapped_at\": \"\(swapped)\"}")) {
            $0.refusesWithin = .hours(hours)
        } _: { _, service in
            let acme = ScriptedChannel()
            try await Self.with(.sqlite, service, acme) { _, _ in #expect(acme.messages.isEmpty) }
        }
    }

    static let noAnswers: [SwapPeer.Answer] = [
        .init(body: ""), .init(body: "<html>Log in to the hotel's network</html>"), .init(body: "{}"),
        .init(body: #"{"swapped_at": "yesterday"}"#), .init(body: #"{"swapped_at": 1767225600}"#),
        .init(body: #"{"swapped_at": null, "swapped_at": "2025-12-31T23:00:00Z"}"#),
        .init(body: #"["2025-12-31T23:00:00Z"]"#),
        .init(body: #"{"swapped_at": null, "x": ""# + String(repeating: "x", count: 1_000_000) + #""}"#),
        .init(status: .internalServerError, body: #"{"swapped_at": null}"#),
        .init(status: .unauthorized, body: ""), .init(status: .found, body: #"{"swapped_at": null}"#),
        .init(status: .accepted, body: #"{"swapped_at": null}"#),
    ]

    @Test("Whatever is no answer: the code goes, and that is written down", arguments: noAnswers.indices)
    func sends(index: Int) async throws {
        try await SwapPeer.with(Self.noAnswers[index]) { peer, service in
            let acme = ScriptedChannel()
            try await Self.with(.sqlite, service, acme) { scene, _ in
                #expect(acme.messages.count == 1, "\(Self.noAnswers[index])")
                let audit = try await Self.audit(scene)
                #expect(audit == ["sim_swap.checked information no_answer"])
                let notices = try await scene.world.notices("carol")
                #expect(notices.isEmpty)
                #expect(peer.questions.map(\.path) == ["/swap"], "no redirect is followed, and nothing is asked twice")
            }
        }
    }

    @Test("Or it does not, where the operator wants it so", arguments: StoreKind.allCases)
    func keepsBack(kind: StoreKind) async throws {
        try await SwapPeer.with(.init(status: .serviceUnavailable, body: "")) {
            $0.sendsUnanswered = false
        } _: { peer, service in
            let acme = ScriptedChannel()
            try await Self.with(kind, service, acme) { scene, ticket in
                #expect(acme.messages.isEmpty)
                #expect(try await scene.world.login.view(ticket).delivery?.keptBack == .unchecked)
                #expect(try await Self.audit(scene) == ["sim_swap.checked failure no_answer"])
                #expect(try await scene.world.notices("carol").isEmpty, "nobody knows that the card was changed")
                peer.answer(#"{"swapped_at": null}"#)
                scene.world.clock.advance(.minutes(2))
                _ = try await scene.world.login.sendCode(by: .text, for: ticket, origin: World.origin)
                _ = try await scene.worker.work()
                #expect(acme.messages.count == 1)
            }
        }
    }

    @Test("A service that does not answer in time holds nobody up")
    func slow() async throws {
        let gate = Gate()
        try await SwapPeer.with(.init(body: #"{"swapped_at": "2025-12-31T23:00:00Z"}"#, gate: gate)) {
            $0.timeLimit = .milliseconds(50)
        } _: { _, service in
            let acme = ScriptedChannel()
            try await Self.with(.sqlite, service, acme) { scene, _ in
                #expect(acme.messages.count == 1)
                let audit = try await Self.audit(scene)
                #expect(audit == ["sim_swap.checked information no_answer"])
            }
            gate.open()
        }
    }

    @Test("Nobody there")
    func nobody() async throws {
        let service = try SIMSwapService(try SIMSwapSettings(address: "http://127.0.0.1:1/swap", token: "t"))
        let acme = ScriptedChannel()
        try await Self.with(.sqlite, service, acme) { scene, _ in
            #expect(acme.messages.count == 1)
            let audit = try await Self.audit(scene)
            #expect(audit == ["sim_swap.checked information no_answer"])
        }
        await service.close()
        await service.close()
    }

    /// What a program or a page learns of a code to a number that alice types.
    private static func typed(
        _ world: World, _ scene: OutboxScene, _ number: String
    ) async throws -> (flow: PhoneFlow, secret: SecretToken, view: NumberCheckView) {
        let (flow, secret) = (PhoneFlow(account: world.account), try await world.logIn().session)
        let begun = try await flow.begin(try PhoneNumber(stored: number), secret, origin: World.origin)
        #expect(begun.delivery?.state == .waiting && begun.delivery?.keptBack == nil)
        _ = try await scene.worker.work()
        return (flow, secret, try #require(try await flow.view(begun.challenge.id, secret)))
    }

    @Test(
        "A number that is only typed is asked about too, but what was said of it is told to nobody",
        arguments: StoreKind.allCases)
    func numberCheck(kind: StoreKind) async throws {
        try await SwapPeer.with(.init(body: #"{"swapped_at": "2025-12-31T23:00:00Z"}"#)) { peer, service in
            let acme = ScriptedChannel()
            try await World.with(kind, limits: Self.limits) { world in
                let scene = try OutboxScene(world, ["acme": acme], simSwap: service)
                let (flow, secret, view) = try await Self.typed(world, scene, World.phone)
                #expect(view.delivery?.state == .failed && view.delivery?.keptBack == .unavailable)
                #expect(acme.messages.isEmpty)
                #expect(
                    try JSONValue(parsing: try #require(peer.questions.first).body.utf8)["purpose"] == "number")
                #expect(try await Self.audit(scene) == ["sim_swap.checked failure sim_swapped"])
                #expect(try await world.notices("alice").allSatisfy { $0.kind != .codeWithheld })
                scene.world.clock.advance(.minutes(3))
                let other = try await flow.begin(
                    try PhoneNumber(stored: "+85251234560"), secret, origin: World.origin)
                #expect(other.delivery?.keptBack == nil, "another number's code is another")
                let again = try #require(try await flow.view(view.challenge.id, secret))
                #expect(again.delivery?.keptBack == .unavailable)
            }
        }
    }

    @Test("It looks the same where the carrier knows no such number", arguments: StoreKind.allCases)
    func neutral(kind: StoreKind) async throws {
        try await SwapPeer.with(.init(body: #"{"swapped_at": "2025-12-31T23:00:00Z"}"#)) { peer, service in
            let acme = ScriptedChannel(otherwise: .refused(DeliveryFault(.invalidRecipient, "ESME_RINVDSTADR")))
            try await World.with(kind, limits: Self.limits) { world in
                let scene = try OutboxScene(world, ["acme": acme], simSwap: service)
                let swapped = try await Self.typed(world, scene, World.phone).view.delivery
                peer.answer(#"{"swapped_at": null}"#)
                let unknown = try await Self.typed(world, scene, "+85251234560").view.delivery
                #expect(acme.messages.count == 1)
                #expect(swapped != nil && swapped == unknown)
            }
        }
    }

    @Test("Only codes are asked about")
    func codesAlone() async throws {
        try await SwapPeer.with(.init(body: #"{"swapped_at": "2025-12-31T23:00:00Z"}"#)) { peer, service in
            let acme = ScriptedChannel()
            try await World.with(.sqlite) { world in
                let scene = try OutboxScene(world, ["acme": acme], simSwap: service)
                let test = TestMessage(to: World.phone, destination: World.hongKong, by: .text, language: "en")
                _ = try await scene.flow.send(test, by: try await world.action(), origin: World.origin)
                _ = try await scene.worker.work()
                #expect(acme.messages.count == 1 && peer.questions.isEmpty)
            }
        }
    }

    @Test(
        "Addresses that numbers must not go to",
        arguments: [
            "http://numbers.example/swap", "http://127.0.0.1.example/", "ftp://127.0.0.1/", "https://", "",
            "https://u:p@numbers.example/", "https://numbers.example/?key=1", "http://localhost.example:1/",
        ])
    func addresses(address: String) {
        #expect(throws: SIMSwapSettingsError.malformedAddress) { try SIMSwapSettings(address: address, token: "t") }
    }

    @Test("The token shows nowhere")
    func token() throws {
        let settings = try SIMSwapSettings(address: "http://localhost:1/", token: "canary-token")
        var text = ""
        dump(settings, to: &text)
        #expect(!"\(settings) \(String(reflecting: settings)) \(text)".contains("canary"))
        #expect(throws: SIMSwapSettingsError.malformedToken) {
            try SIMSwapSettings(address: "http://localhost:1/", token: "a\nb")
        }
    }
}
