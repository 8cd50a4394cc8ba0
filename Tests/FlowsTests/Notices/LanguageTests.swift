import Flows
import Identifiers
import Identity
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("The language that a user is written to in")
struct LanguageTests {
    @Test(
        "What his browser asks for, until he chooses; what he chose on the login's page", arguments: StoreKind.allCases)
    func login(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for (language, isChosen, expected) in [
                (nil, false, nil), ("zh-Hant", false, "zh-Hant"), ("en", false, "zh-Hant"), ("en", true, "en"),
                ("zh-Hant", false, "en"), (nil, true, "en"),
            ] as [(String?, Bool, String?)] {
                var origin = World.origin
                (origin.language, origin.isLanguageChosen) = (language, isChosen)
                origin.browserLanguage = isChosen ? nil : language
                _ = try await world.enter(origin: origin)
                #expect(try await Self.language(world) == expected, "\(language ?? "none") \(isChosen)")
            }
        }
    }

    @Test("What he chooses while he is logged in; by a session that is over nothing", arguments: StoreKind.allCases)
    func chosen(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let own = try await world.enter()
            try await world.account.choose(language: "zh-Hant", in: own)
            #expect(try await Self.language(world) == "zh-Hant")
            try await world.account.choose(language: "en", in: SecretToken(random: [UInt8](repeating: 1, count: 32)))
            world.clock.advance(.hours(25))
            try await world.account.choose(language: "en", in: own)
            #expect(try await Self.language(world) == "zh-Hant")
            #expect(try await world.store.read { try $0.users.find(UserName("dave"))?.language } == nil)
        }
    }

    @Test("A code that no page asks for goes out in it", arguments: StoreKind.allCases)
    func code(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text]
        for (asked, expected) in [(nil, "zh-Hant"), ("en", "en")] as [(String?, String)] {
            try await World.with(kind, limits: limits) { world in
                try await world.bindPhone(to: "carol")
                try await world.speak("zh-Hant", "carol")
                var origin = World.origin
                origin.language = asked
                _ = try await world.submit(try await world.start(), "carol", origin: origin)
                #expect(try await world.messages().map(\.body.language) == [expected])
            }
        }
    }

    private static func language(_ world: World) async throws -> String? {
        try await world.store.read { try $0.users.find(UserName("alice"))?.language }
    }
}
