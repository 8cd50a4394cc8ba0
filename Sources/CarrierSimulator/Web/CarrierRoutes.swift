import Hummingbird
import Time

/// Every address of the program, behind the same guards.
struct CarrierRoutes: Sendable {
    let exchange: Exchange
    let account: GatewayAccount
    let listening: @Sendable () -> Listening
    let clock: WallClock
    let pause: @Sendable (Span) async -> Void

    func router() throws -> Router<CarrierContext> {
        let router = Router(context: CarrierContext.self)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: LocalRequests())
        PageDoor(
            exchange: self.exchange, account: self.account, listening: self.listening,
            renderer: try PageRenderer(clock: self.clock)
        ).mount(on: router)
        GatewayDoor(exchange: self.exchange, account: self.account, pause: self.pause).mount(on: router)
        SoundDoor(exchange: self.exchange).mount(on: router)
        TestAPI(exchange: self.exchange).mount(on: router)
        PageAsset.mount(on: router)
        return router
    }
}
