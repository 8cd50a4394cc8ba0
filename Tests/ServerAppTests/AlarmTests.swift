import Audit
import Identifiers
import Logging
import Synchronization
import Telemetry
import Testing
import Time

@testable import ServerApp

@Suite("Alarms")
struct AlarmTests {
    @Test("An alarm of the audit trail is one line at warning, and one more in the metrics")
    func alarm() throws {
        let log = Lines()
        let metrics = try ServerMetrics(logger: log.logger)
        let now = Instant(milliseconds: 1_767_225_600_000)
        let application = ApplicationID(at: now, random: [UInt8](repeating: 1, count: 10))
        let context = AuditContext(application: application, address: "203.0.113.9")
        let notes = [
            AuditNote(.sourceAlarm, .failure, reason: .address), AuditNote(.loginStarted, .information),
            AuditNote(.responseChecked, .failure, reason: .wrongResponse),
        ]
        metrics.note(
            notes.map { note in
                let id = AuditEntryID(at: now, random: [UInt8](repeating: 2, count: 10))
                return AuditEntry(id: id, at: now, note: note, context: context)
            })
        let lines = log.lines
        #expect(lines.count == 1)
        for part in ["warning alarm: ", "of: address", "203.0.113.9", application.text] {
            #expect(lines.first?.contains(part) == true, "\(part) in \(lines)")
        }
        let text = metrics.registry.render()
        for line in [
            "countersign_alarms_total{of=\"address\"} 1", "countersign_alarms_total{of=\"firm\"} 0",
            "countersign_logins_total{door=\"none\",outcome=\"started\"} 1",
            "countersign_factor_results_total{result=\"wrong_response\"} 1",
            "countersign_audit_entries_total{event=\"source.alarm\",outcome=\"failure\"} 1",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }
}

extension AlarmTests {
    @Test(
        "Codes on their way: a stopped block, all of the firm's, a SIM card that was changed; not a service that is down",
        arguments: [
            (.blockStopped, .fewUsed, "block"), (.conversionFell, .fewUsed, "conversion"),
            (.simSwapChecked, .simSwapped, "sim_swap"), (.simSwapChecked, .noAnswer, nil),
            (.blockResumed, nil, nil),
        ] as [(AuditEvent, AuditReason?, String?)])
    func delivery(event: AuditEvent, reason: AuditReason?, of: String?) throws {
        let log = Lines()
        let metrics = try ServerMetrics(logger: log.logger)
        let now = Instant(milliseconds: 1_767_225_600_000)
        let context = AuditContext(actor: "delivery", explanation: "+852512 (HK): 3 of 40 codes used")
        metrics.note([
            AuditEntry(
                id: AuditEntryID(at: now, random: [UInt8](repeating: 2, count: 10)), at: now,
                note: AuditNote(event, .failure, reason: reason), context: context)
        ])
        let text = metrics.registry.render()
        for word in ["block", "conversion", "sim_swap"] {
            #expect(text.contains("countersign_alarms_total{of=\"\(word)\"} \(word == of ? 1 : 0)\n"), "\(word)")
        }
        #expect(log.lines.count == (of == nil ? 0 : 1))
        #expect(log.lines.allSatisfy { $0.hasPrefix("warning alarm: ") && $0.contains("+852512 (HK): 3 of 40") })
    }
}

extension AlarmTests {
    @Test(
        "Whoever received a code did not ask for it, of a login or of a number; not a wrong code",
        arguments: [
            (.loginDisowned, .notRequested, 1), (.numberChecked, .notRequested, 1), (.numberChecked, .wrongResponse, 0),
        ] as [(AuditEvent, AuditReason, Int)])
    func disowned(event: AuditEvent, reason: AuditReason, count: Int) throws {
        let log = Lines()
        let metrics = try ServerMetrics(logger: log.logger)
        let now = Instant(milliseconds: 1_767_225_600_000)
        let user = UserID(at: now, random: [UInt8](repeating: 3, count: 10))
        metrics.note([
            AuditEntry(
                id: AuditEntryID(at: now, random: [UInt8](repeating: 2, count: 10)), at: now,
                note: AuditNote(event, .failure, reason: reason), context: AuditContext(user: user))
        ])
        #expect(metrics.registry.render().contains("countersign_alarms_total{of=\"disowned\"} \(count)\n"))
        #expect(log.lines.count == count)
        for part in ["warning alarm: ", "did not ask", user.text] {
            #expect(log.lines.allSatisfy { $0.contains(part) }, "\(part)")
        }
    }
}

/// What is logged, as `level message key: value …`.
private final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { self.kept.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { "\($0): \($1)" }.sorted().joined(separator: " ")
            self.log.kept.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }
}
