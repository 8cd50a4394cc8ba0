import Channels
import Outbox
import Testing
import Time

@Suite("Who carries what")
struct RouteTests {
    static let hongKong = MessageDestination(region: "HK", prefix: "+8525")
    static let britain = MessageDestination(region: "GB", prefix: "+4477")

    static func provider(
        _ name: String, _ channel: MessageChannel = .text, _ change: (inout DeliveryProvider) -> Void = { _ in }
    ) -> DeliveryProvider {
        var provider = DeliveryProvider(name: name, channel: channel)
        change(&provider)
        return provider
    }

    @Test("In the order of the plan, by the rules of each")
    func order() throws {
        let routes = try DeliveryRoutes([
            Self.provider("local") { $0.reach.regions = ["HK", "MO"] },
            Self.provider("line", .voice),
            Self.provider("world") { $0.reach.exceptRegions = ["CN"] },
            Self.provider("block") { $0.reach.prefixes = ["+8525", "+44"] },
            Self.provider("not there") { $0.reach.exceptPrefixes = ["+852"] },
        ])
        #expect(routes.route(by: .text, to: Self.hongKong).providers == ["local", "world", "block"])
        #expect(routes.route(by: .text, to: Self.britain).providers == ["world", "block", "not there"])
        let china = MessageDestination(region: "CN", prefix: "+8613")
        #expect(routes.route(by: .text, to: china).providers == ["not there"])
        #expect(routes.route(by: .voice, to: Self.hongKong).providers == ["line"])
        #expect(routes.route(by: .mail, to: nil).providers == [])
        #expect(routes.route(by: .text, to: Self.hongKong, through: "world").providers == ["world"])
    }

    @Test("Whoever is off is not asked; whoever rests is asked last")
    func offAndResting() throws {
        let routes = try DeliveryRoutes(["a", "b", "c"].map { Self.provider($0) })
        let route = routes.route(by: .text, to: Self.britain, off: ["b"], resting: ["a", "b"])
        #expect(route.providers == ["a", "b", "c"] && route.open == ["c", "a"])
    }

    @Test("Two of one name are refused")
    func names() {
        #expect(throws: DeliveryRoutesError.nameTaken("a")) {
            try DeliveryRoutes([Self.provider("a"), Self.provider("a", .voice)])
        }
    }

    @Test("Prices by region")
    func prices() {
        var price = DeliveryPrice()
        #expect(price.amount(to: Self.britain) == nil)
        price.byRegion = ["HK": 350_000]
        price.otherwise = 50_000
        #expect(price.amount(to: Self.hongKong) == 350_000 && price.amount(to: Self.britain) == 50_000)
        #expect(price.amount(to: nil) == 50_000)
        #expect(price.amount(to: Self.hongKong, parts: 2) == 700_000)
    }

    @Test("Three faults in a row and a provider rests, longer each time, until one is taken")
    func health() {
        var (health, now) = (ProviderHealth(), MessageLifeTests.start)
        let fault = HandOver.postponed(MessageLifeTests.unreachable, retryAfter: nil)
        for _ in 1...2 {
            health.note(fault, at: now)
            #expect(!health.isResting(at: now))
        }
        for rest in [5, 10, 20, 40, 60, 60] as [Int64] {
            health.note(.unanswered(MessageLifeTests.lost), at: now)
            now = now + .milliseconds(rest * 1000 - 1)
            #expect(health.isResting(at: now))
            health.note(fault, at: now)
            now = now + .milliseconds(1)
            #expect(!health.isResting(at: now), "what fails while it rests makes the rest no longer")
            #expect(health.isDoubtful(at: now), "until it takes one")
        }
        health.note(.accepted(reference: nil), at: now)
        #expect(health == ProviderHealth())
    }

    @Test("A message's own fault is no provider's; who throttles rests as long as he says")
    func ownFault() {
        var health = ProviderHealth()
        for kind in [DeliveryFault.Kind.invalidRecipient, .rejectedContent, .expired] {
            for _ in 1...5 { health.note(.refused(DeliveryFault(kind, "")), at: MessageLifeTests.start) }
            #expect(health == ProviderHealth())
        }
        health.note(
            .postponed(DeliveryFault(.throttled, ""), retryAfter: .seconds(8)), at: MessageLifeTests.start)
        #expect(health.isResting(at: MessageLifeTests.start + .milliseconds(7_999)))
        #expect(!health.isResting(at: MessageLifeTests.start + .seconds(8)))
    }
}
