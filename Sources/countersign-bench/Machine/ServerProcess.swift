// A server that is started, looked at, and stopped.

import Foundation

final class ServerProcess: Sendable {
    let id: Int32
    /// From the start of the program to the first answer of `/health/ready`.
    let readyAfter: Duration
    private let process: Process

    /// Starts the server and returns when it is ready.
    init(program: String, configuration: String, port: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve", "--config", configuration]
        process.standardOutput = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        while !Self.isReady(port: port) {
            guard process.isRunning, start.duration(to: .now) < .seconds(30) else {
                throw BenchError("the server did not start")
            }
            usleep(1000)
        }
        self.readyAfter = start.duration(to: .now)
        self.process = process
        self.id = process.processIdentifier
    }

    /// Ends it gracefully.
    func stop() {
        self.process.terminate()
        self.process.waitUntilExit()
    }

    /// Resident memory in MiB.
    func memory() -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(self.id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0) / 1024
    }

    private static func isReady(port: Int) -> Bool {
        (try? LoopbackConnection(port: port).ask(.get("/health/ready")))?.status == 200
    }
}
