// The running process of a private PostgreSQL server.

import Foundation

/// A server process, and a shell beside it that ends it when this process is gone: the shell reads from a pipe whose other
/// end closes with us, however we end.
final class PostgresServer: @unchecked Sendable {
    private static let script = """
        exec 3<&0
        log=$1 folder=$2
        shift 2
        "$@" >>"$log" 2>&1 3<&- &
        server=$!
        echo $server
        (read -r line <&3; kill -QUIT $server) >/dev/null 2>&1 &
        watch=$!
        wait $server
        kill $watch 2>/dev/null || rm -rf -- "$folder"
        """

    private let shell = Process()
    private let pid: pid_t
    private let input = Pipe()
    private let output = Pipe()

    init(_ command: [String], log: String, folder: String) throws {
        self.shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        self.shell.arguments = ["-c", Self.script, "sh", log, folder] + command
        self.shell.standardInput = self.input
        self.shell.standardOutput = self.output
        try self.shell.runWithSignals()
        let line = String(decoding: self.output.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw PostgresClusterError(description: "the server did not start")
        }
        self.pid = pid
    }

    var isRunning: Bool { self.shell.isRunning }

    /// Sends the signal and waits for the end.
    func end(with signal: Int32) {
        if self.shell.isRunning { kill(self.pid, signal) }
        self.shell.waitUntilExit()
    }
}
