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
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return false }
        let question = Array(HTTPQuestion.get("/health/ready").text.utf8)
        guard write(socket, question, question.count) == question.count else { return false }
        var answer = [UInt8](repeating: 0, count: 15)
        return read(socket, &answer, answer.count) > 12 && answer.starts(with: Array("HTTP/1.1 200".utf8))
    }
}
