import Channels
import Delivery
import Flows
import Identifiers
import Identity
import Logging
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

/// From the change to the mail.
@Suite("Notices are delivered")
struct NoticeDeliveryTests {
    private struct Scene: Sendable {
        let world: World
        let mail: ScriptedChannel
        let text: ScriptedChannel
        let worker: OutboxWorker

        init(_ world: World, mail: ScriptedChannel, text: ScriptedChannel) throws {
            (self.world, self.mail, self.text) = (world, mail, text)
            let routes = try DeliveryRoutes([
                DeliveryProvider(name: "relay", channel: .mail), DeliveryProvider(name: "carrier", channel: .text),
            ])
            self.worker = try OutboxWorker(
                flow: OutboxFlow(environment: world.environment, routes: routes),
                providers: [
                    OutboxProvider(name: "relay", channel: mail), OutboxProvider(name: "carrier", channel: text),
                ],
                words: try OutboxScene.words(), waker: OutboxWaker(driver: world.driver),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        var mails: [(subject: String, text: String)] {
            self.mail.messages.compactMap { message in
                guard case .mail(let subject, let text) = message.content else { return nil }
                return (subject, text)
            }
        }
    }

    private func with(
        _ kind: StoreKind, mail: ScriptedChannel = ScriptedChannel(), _ body: (Scene) async throws -> Void
    ) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            try await body(try Scene(world, mail: mail, text: ScriptedChannel()))
        }
    }

    private func changePassword(_ world: World) async throws {
        let own = try await world.enter()
        try await world.bindPhone(to: "alice")
        let typed = TypedPasswordChange(
            old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
        #expect(try await world.account.changePassword(typed, in: own, origin: World.origin) == .changed)
    }

    @Test("A changed password, in the user's language", arguments: StoreKind.allCases)
    func password(kind: StoreKind) async throws {
        for (language, subject, sentence, text) in [
            (
                "en", "Harbour: news about how you log in", "Your password was changed.\nTime: 2026-01-01 00:00 UTC\n",
                "Harbour: Your password was changed. If this was not you, tell the help desk at once."
            ),
            (
                "zh-Hant", "海港證券：有關您登入方式的通知", "您的密碼已更改。\n時間：2026-01-01 00:00 UTC\n",
                "海港證券：您的密碼已更改。如非您本人操作，請立即聯絡客戶服務中心。"
            ),
        ] {
            try await self.with(kind) { scene in
                try await scene.world.speak(language)
                try await self.changePassword(scene.world)
                #expect(try await scene.worker.work() == 2)
                let mail = try #require(scene.mails.first)
                #expect(mail.subject == subject && mail.text.hasPrefix(sentence))
                #expect(mail.text.contains("\nhttps://login.example:8443/sso/account\n"))
                #expect(scene.mail.messages.map(\.recipient) == ["alice@example.com"])
                #expect(scene.text.messages.map(\.recipient) == [World.phone] && scene.text.texts == [text])
            }
        }
    }

    @Test("No secret is in a mail or a text, whatever was changed", arguments: StoreKind.allCases)
    func canary(kind: StoreKind) async throws {
        try await self.with(kind) { scene in
            let world = scene.world
            let own = try await world.enter()
            try await world.bindPhone(to: "alice")
            let recovery = try await world.staff.startRecovery(
                for: try await world.user("alice"), by: try await world.action(), origin: World.origin)
            guard case .issued(let code, _) = recovery else { throw Missing(what: "a recovery") }
            let typed = TypedPasswordChange(
                old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
            #expect(try await world.account.changePassword(typed, in: own, origin: World.origin) == .changed)
            _ = try await scene.worker.work()
            let sent = scene.mails.map(\.text) + scene.mails.map(\.subject) + scene.text.texts
            #expect(sent.count > 4)
            let digits = code.text.filter { $0 != "-" }
            for text in sent {
                for secret in [Firm.password, World.newPassword, code.text, digits, own.text, World.phone, "CS-100001"]
                {
                    #expect(!text.contains(secret))
                }
                #expect(!text.contains(World.origin.address ?? "-"), "nor where it came from")
            }
            for text in scene.text.texts { #expect(!text.contains("http") && !text.contains("/")) }
            let pages = scene.mails.compactMap { $0.text.firstMatch(of: #/recovery\/cancel\/(\S+)/#)?.output.1 }
            let link = try #require(pages.first.flatMap { RecoveryLink($0) })
            // The change of the password has ended the recovery already.
            #expect(try await !world.account.cancelRecovery(link, origin: World.origin))
        }
    }

    @Test("An address that is none fails by itself, and the change stands", arguments: StoreKind.allCases)
    func malformed(kind: StoreKind) async throws {
        let mail = ScriptedChannel(.refused(DeliveryFault(.invalidRecipient, "550 5.1.1")))
        try await self.with(kind, mail: mail) { scene in
            try await scene.world.execute("UPDATE app_user SET email = 'nobody' WHERE name = 'alice'")
            try await self.changePassword(scene.world)
            _ = try await scene.worker.work()
            let row = try #require(try await scene.world.dump()["outbox"].first { $0["channel"] == .text("mail") })
            #expect(
                row["state"] == .text("failed") && row["fault"] == .text("invalid_recipient") && row["body"] == .null)
            #expect(scene.text.texts.count == 1, "the other way is not held up")
            #expect(try await scene.world.audit().contains("password.changed success"))
        }
    }

    @Test(
        "A relay that is away for hours, or refuses our account: it arrives in the end, once",
        arguments: StoreKind.allCases)
    func away(kind: StoreKind) async throws {
        let mail = ScriptedChannel(
            OutboxWorkerTests.down, .refused(DeliveryFault(.account, "535")), OutboxWorkerTests.down)
        try await self.with(kind, mail: mail) { scene in
            try await self.changePassword(scene.world)
            for _ in 1...6 {
                _ = try await scene.worker.work()
                scene.world.clock.advance(.hours(1))
            }
            #expect(mail.messages.count == 4 && Set(mail.messages.map(\.id)).count == 1)
            let row = try #require(try await scene.world.dump()["outbox"].first { $0["channel"] == .text("mail") })
            #expect(row["state"] == .text("sent") && row["body"] == .null)
        }
    }

    @Test("Notices under way leave room for a code, in the lane and at the provider", arguments: StoreKind.allCases)
    func room(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind, notices: World.everyWay) { world in
            let scene = try OutboxScene(world, ["acme": acme], window: 4)
            let gate = acme.close()
            let now = world.clock.now()
            try await world.store.write { store in
                for _ in 1...20 { try store.outbox.add(Self.notice(at: now)) }
            }
            let running = Task { await scene.worker.run() }
            await acme.arrived(3)
            try await world.post()
            await acme.arrived(1)
            #expect(acme.texts.last?.contains(World.code) == true && acme.messages.count == 4)
            running.cancel()
            gate.open()
            await running.value
            #expect(acme.mostUnderWay == 4)
        }
    }

    private static func notice(at now: Instant) -> OutboxMessage {
        var body = MessageBody(recipient: "+85251239999", language: "en")
        body.notice = .passwordChanged
        return OutboxMessage(
            id: DeliveryID(at: now, random: RandomSource.system.bytes(10)), user: nil, channel: .text,
            template: .notice, destination: World.hongKong, body: body, created: now,
            expires: now + MessageTimes.noticeLife)
    }
}
