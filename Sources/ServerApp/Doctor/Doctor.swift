internal import Foundation
internal import Logging
package import Time

/// Looks at a configuration, and at what it names, and says how each thing is. It changes nothing.
package struct Doctor: Sendable {
    let configuration: Configuration
    let environment: [String: String]
    let clock: @Sendable () -> Instant

    package init(
        _ configuration: Configuration, environment: [String: String], clock: @escaping @Sendable () -> Instant
    ) {
        self.configuration = configuration
        self.environment = environment
        self.clock = clock
    }

    package func examine() async -> [Finding] {
        [Finding(.ok, "configuration", "every setting can be read")] + self.address() + self.proxies()
            + self.certificate() + self.blocklist() + self.process() + (await self.store())
            + (await self.delivery())
    }

    private func blocklist() -> [Finding] {
        do {
            _ = try self.configuration.password.policy()
            return []
        } catch {
            return [Finding("passwords", error)]
        }
    }

    private func process() -> [Finding] {
        guard geteuid() == 0 else { return [] }
        return [
            Finding(
                .warning, "process", "this runs as root",
                hint: "run the server, and this, as a user of its own: docs/countersign.service does")
        ]
    }
}
