// A program that a test talks to.

import Foundation
import Synchronization

/// A running program. It ends when the value is let go, and with this process, however that ends. What it prints is read all
/// the while, so that it never stops for a full pipe.
package final class PeerProcess: @unchecked Sendable {
    /// Starts the program, and kills it when our end of the pipe closes.
    private static let script = """
        exec 3<&0
        "$@" 3<&- </dev/null &
        program=$!
        echo "peer process $program"
        (read -r line <&3; kill -KILL $program) >/dev/null 2>&1 &
        watch=$!
        wait $program
        kill $watch 2>/dev/null
        """

    private struct Output {
        var text = ""
        var hasEnded = false
        /// What has no end of its line yet.
        var rest = ""
        var waiting: [(text: String, continuation: CheckedContinuation<Bool, Never>)] = []

        mutating func takeLines() -> [String] {
            var lines = self.rest.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            self.rest = lines.removeLast()
            return lines.filter { !$0.hasPrefix("peer process ") }
        }

        /// Those who need wait no more.
        mutating func satisfied() -> [(continuation: CheckedContinuation<Bool, Never>, found: Bool)] {
            let (text, hasEnded) = (self.text, self.hasEnded)
            let done = self.waiting.filter { hasEnded || text.contains($0.text) }
            self.waiting.removeAll { hasEnded || text.contains($0.text) }
            return done.map { ($0.continuation, text.contains($0.text)) }
        }
    }

    private let shell = Process()
    private let input = Pipe()
    private let pipe = Pipe()
    private let state = Mutex(Output())

    /// What it prints, a line each, to its end. For one reader.
    package let lines: AsyncStream<String>
    private let newLines: AsyncStream<String>.Continuation

    package init(_ command: [String]) throws {
        (self.lines, self.newLines) = AsyncStream.makeStream(of: String.self)
        self.shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        self.shell.arguments = ["-c", Self.script, "sh"] + command
        self.shell.standardInput = self.input
        self.shell.standardOutput = self.pipe
        self.shell.standardError = self.pipe
        try self.shell.runWithSignals()
        // On a thread of its own: a readability handler of Foundation crashed where a process ended meanwhile.
        let output = self.pipe.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            while case let data = output.availableData {
                self?.append(data)
                if data.isEmpty { return }
            }
        }
    }

    deinit { self.stop() }

    /// All that it has printed, errors included.
    package var output: String { self.state.withLock { $0.text } }

    /// Returns as soon as the program has printed this.
    ///
    /// - Throws: what it did print, if it ended before.
    package func printed(_ text: String) async throws {
        let found = await withCheckedContinuation { continuation in
            self.change { $0.waiting.append((text, continuation)) }
        }
        guard found else { throw PeerEnded(output: self.output) }
    }

    package func stop() {
        guard self.shell.isRunning else { return }
        try? self.input.fileHandleForWriting.close()
        self.shell.waitUntilExit()
    }

    private func append(_ data: Data) {
        let text = String(decoding: data, as: UTF8.self)
        let lines = self.state.withLock { output in
            output.rest += text
            return output.takeLines()
        }
        for line in lines { self.newLines.yield(line) }
        if data.isEmpty { self.newLines.finish() }
        self.change { output in
            output.text += text
            output.hasEnded = data.isEmpty
        }
    }

    private func change(_ body: (inout sending Output) -> Void) {
        let satisfied = self.state.withLock { output in
            body(&output)
            return output.satisfied()
        }
        for (continuation, found) in satisfied { continuation.resume(returning: found) }
    }
}

/// A peer ended before it did what the test waits for.
package struct PeerEnded: Error, CustomStringConvertible {
    package let output: String
    package var description: String { "the program ended: \(self.output)" }
}
