internal import Foundation
internal import Synchronization

/// How far long work has come, on standard error: one line that changes on a terminal, else a line now and then.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    private static let pause = Duration.seconds(5)

    func show(_ text: String) {
        guard !self.isTerminal else { return Self.write("\r\(text)\u{1B}[K") }
        let isDue = self.last.withLock { last in
            guard last.map({ $0.duration(to: .now) >= Self.pause }) ?? true else { return false }
            last = .now
            return true
        }
        if isDue { Self.write(text + "\n") }
    }

    /// So that what is printed next has the line for itself.
    func clear() { if self.isTerminal { Self.write("\r\u{1B}[K") } }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
