package import Logging

extension Configuration {
    /// The logger that the configuration asks for.
    package func logger() -> Logger {
        let log = self.log
        return Logger(label: "countersign") { LineLogHandler(label: $0, log) }
    }
}
