internal import Delivery
internal import ServiceLifecycle

/// Works the outbox until the server ends; what is being handed over then is finished first.
struct OutboxService: Service {
    let worker: OutboxWorker?
    let delivery: ServerDelivery

    func run() async throws {
        guard let worker else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown { await worker.run() }
        await self.delivery.close()
    }
}
