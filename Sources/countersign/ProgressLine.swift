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

    /// Shows the text, with the seconds that have gone by, until the work is done.
    func ticking<Value: Sendable>(_ text: String, _ work: () async throws -> Value) async rethrows -> Value {
        let ticker = Task {
            self.show(text)
            for second in 1... {
                guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
                self.show("\(text) \(second) s")
            }
        }
        func stop() async {
            ticker.cancel()
            await ticker.value
            self.clear()
        }
        do {
            let value = try await work()
            await stop()
            return value
        } catch {
            await stop()
            throw error
        }
    }

    /// So that what is printed next has the line for itself.
    func clear() { if self.isTerminal { Self.write("\r\u{1B}[K") } }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
