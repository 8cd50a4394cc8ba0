internal import Encodings
internal import Foundation
package import Logging
internal import Time

/// Writes one line an entry to standard error, as text or as JSON.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: Configuration.Log.Format

    package init(label: String, _ log: Configuration.Log) {
        self.label = label
        self.logLevel = log.level
        self.format = log.format
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).rfc3339
        let line =
            switch self.format {
            case .json: Self.json(time, event, fields)
            case .text: Self.text(time, event, fields)
            }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    private static func json(_ time: String, _ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)])
        -> String
    {
        let head: [JSONValue.Member] = [
            .init("time", .string(time)), .init("level", .string(event.level.rawValue)),
            .init("message", .string("\(event.message)")),
        ]
        let object = JSONValue.object(head + fields.map { .init($0.key, .string("\($0.value)")) })
        return String(decoding: object.encoded(), as: UTF8.self)
    }

    private static func text(_ time: String, _ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)])
        -> String
    {
        let rest = fields.map { " \($0.key)=\(Self.oneLine("\($0.value)"))" }.joined()
        return "\(time) \(event.level.rawValue) \(Self.oneLine("\(event.message)"))\(rest)"
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// Nothing that is logged may begin a line of its own.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { Self.endsLine($0) ? " " : $0 }))
    }
}
