import Foundation

/// A program that a test talks to, and that says on its standard output what happens, a line each.
///
/// Its standard input is a pipe from us: a peer that ends with it ends however this process does.
package final class PeerProcess: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()

    /// What it prints, to its end. For one reader.
    package let lines: AsyncStream<String>

    package init(_ arguments: [String], environment: [String: String]? = nil) throws {
        let output = Pipe()
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        self.process.arguments = arguments
        if let environment { self.process.environment = environment }
        self.process.standardInput = self.input
        self.process.standardOutput = output
        try self.process.runWithSignals()
        Thread.detachNewThread { Self.read(output.fileHandleForReading, continuation) }
    }

    deinit { self.stop() }

    private static func read(_ file: FileHandle, _ lines: AsyncStream<String>.Continuation) {
        var rest = Data()
        while case let data = file.availableData, !data.isEmpty {
            rest += data
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                rest = Data(rest[rest.index(after: end)...])
            }
        }
        lines.finish()
    }

    package var isRunning: Bool { self.process.isRunning }
    package var identifier: Int32 { self.process.processIdentifier }

    /// Sends the signal, and waits for the end.
    package func stop(with signal: Int32 = SIGKILL) {
        guard self.process.isRunning else { return }
        kill(self.process.processIdentifier, signal)
        self.process.waitUntilExit()
    }
}
