import Logging
import Synchronization

/// Keeps every line of every level, as text and with its metadata.
final class CapturedLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { self.kept.withLock { $0 } }
    fileprivate func add(_ line: String) { self.kept.withLock { $0.append(line) } }

    var logger: Logger {
        var logger = Logger(label: "canary") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.log.add("\(event.message) \(self.metadata.merging(event.metadata ?? [:]) { $1 })")
        }
    }
}
