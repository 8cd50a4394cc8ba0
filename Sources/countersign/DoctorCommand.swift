internal import ArgumentParser
internal import Foundation
internal import ServerApp
internal import Time

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the configuration and all that it names: store, keys, certificate, addresses; say what to do.",
        discussion: """
            Changes nothing, and may run beside the server. Ends with status 1 when there is a problem.

            Example: countersign doctor --config /etc/countersign/countersign.yaml
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
        let findings = await self.findings()
        print(self.json ? Finding.json(findings) : findings.map(\.description).joined(separator: "\n"))
        if findings.contains(where: { $0.level == .problem }) { throw ExitCode(1) }
    }

    private func findings() async -> [Finding] {
        do {
            let doctor = Doctor(
                try self.configuration.read(), environment: ProcessInfo.processInfo.environment, clock: Instant.system)
            return await doctor.examine()
        } catch {
            return [Finding(.problem, "configuration", "\(error)")]
        }
    }
}
