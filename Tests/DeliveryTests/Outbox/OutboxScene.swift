import Channels
import Delivery
import Flows
import Identifiers
import Identity
import Logging
import OAuth
import Outbox
import Storage
import TestWorld
import Time

/// A firm with providers, and a worker for them.
struct OutboxScene: Sendable {
    let world: World
    let flow: OutboxFlow
    let worker: OutboxWorker

    static func words(templates: RegisteredTemplates = [:]) throws -> MessageWords {
        try MessageWords(
            firm: "Harbour", inTraditionalChinese: "海港證券",
            issuer: try Issuer(parsing: "https://login.example:8443/sso"),
            templates: templates)
    }

    /// - Parameter channels: by name, in the order of the plan; all carry texts.
    init(
        _ world: World, _ channels: KeyValuePairs<String, ScriptedChannel>, window: Int = 50,
        windows: [String: Int] = [:], perSecond: [String: Int] = [:], simSwap: SIMSwapService? = nil,
        patience: Duration = .seconds(10), pause: Duration = .milliseconds(1),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        self.world = world
        self.flow = OutboxFlow(
            environment: world.environment, routes: try World.textRoutes(channels.map(\.key)))
        self.worker = try OutboxWorker(
            flow: self.flow,
            providers: channels.map {
                OutboxProvider(
                    name: $0.key, channel: $0.value, window: windows[$0.key] ?? window, perSecond: perSecond[$0.key])
            },
            words: try Self.words(), waker: OutboxWaker(driver: world.driver), logger: logger, simSwap: simSwap,
            patience: patience, pause: pause)
    }

    static func with(
        _ kind: StoreKind, _ channels: KeyValuePairs<String, ScriptedChannel>,
        _ body: (OutboxScene) async throws -> Void
    ) async throws {
        try await World.with(kind) { try await body(OutboxScene($0, channels)) }
    }

    /// Moves the clock on by steps, and works after each; and once before the first.
    func work(for span: Span, step: Span) async throws {
        _ = try await self.worker.work()
        for _ in 0..<(span.milliseconds / step.milliseconds) {
            self.world.clock.advance(step)
            _ = try await self.worker.work()
        }
    }

    func addNotices(_ count: Int) async throws {
        let now = self.world.clock.now()
        try await self.world.store.write { store in
            for number in 0..<count {
                var body = MessageBody(recipient: "+8525123\(1_000 + number)", language: "en")
                body.notice = .passwordChanged
                try store.outbox.add(
                    OutboxMessage(
                        id: DeliveryID(at: now, random: RandomSource.system.bytes(10)), user: nil, channel: .text,
                        template: .notice, destination: World.hongKong, body: body, created: now,
                        expires: now + MessageTimes.noticeLife))
            }
        }
    }

    func state(_ id: DeliveryID) async throws -> MessageState { try await self.world.status(id).state }
}
